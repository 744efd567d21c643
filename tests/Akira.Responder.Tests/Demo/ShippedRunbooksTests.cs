using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Akira.Responder.Demo;
using Akira.Responder.Probes;
using Akira.Responder.Voice;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Demo;

/// <summary>The runbooks as shipped, over the demo's platform: each fault is noticed as what it is.</summary>
public class ShippedRunbooksTests
{
    private readonly FakeTimeProvider time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<Alert> sent = [];

    [Theory]
    [InlineData("asr", 3, "SEV2", "signaling")]
    [InlineData("pdd", 3, "SEV2", "signaling")]
    [InlineData("signaling", 1, "SEV1", "signaling")]
    [InlineData("cdr", 7, "SEV2", "CDR pipeline")]
    public async Task A_fault_is_noticed_with_its_severity_and_subsystem(
        string fault,
        int minutes,
        string severity,
        string subsystem
    )
    {
        var intake = new CallIntake();
        var demo = new DemoPlatform(time, intake);
        var policy = PolicyReader.Read(Files()).Policy!;
        using var watch = new Watch(
            time,
            time,
            () => policy,
            [(p, now) => demo.Samples(p, now), (p, now) => intake.Samples(p, now)],
            (alerts, _) =>
            {
                sent.AddRange(alerts);
                return Task.CompletedTask;
            },
            NullLogger<Watch>.Instance
        );
        await Pass(watch, minutes: 2);
        Assert.Empty(sent);

        demo.Break(fault);
        await Pass(watch, minutes);

        Assert.Equal((severity, subsystem), (sent[0].Labels["severity"], sent[0].Labels["subsystem"]));
    }

    private async Task Pass(Watch watch, int minutes)
    {
        for (var s = 0; s < minutes * 60; s++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await watch.Tick(TestContext.Current.CancellationToken);
        }
    }

    private static Dictionary<string, string> Files()
    {
        var root = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(root, "runbooks")))
            root = Path.GetDirectoryName(root)!;
        return Directory
            .EnumerateFiles(Path.Combine(root, "runbooks"), "*.md")
            .ToDictionary(f => Path.GetFileName(f), File.ReadAllText);
    }
}
