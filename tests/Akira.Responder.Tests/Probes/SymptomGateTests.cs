using System.Net;
using System.Net.Sockets;
using Akira.Core.Incidents;

namespace Akira.Responder.Tests.Probes;

/// <summary>The gate that the symptom is gone, over a service that is really probed.</summary>
public sealed class SymptomGateTests
{
    [Fact]
    public async Task An_alert_that_ended_does_not_hold_it_while_the_probe_of_its_service_is_bad()
    {
        using var service = new TcpListener(IPAddress.Loopback, 0);
        service.Start();
        var folder = Directory.CreateTempSubdirectory("akira-test-").FullName;
        RunningResponder.WritePolicy(Path.Combine(folder, "runbooks"), RunningResponder.PolicyText);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "runbooks", "platform.md"),
            $"""
            # Platform

            ## Services

            | Service | Subsystem | Host | Unit | Depends on | Probe |
            | --- | --- | --- | --- | --- | --- |
            | web | management app | - | - | - | `tcp://{service.LocalEndpoint}` |
            """,
            TestContext.Current.CancellationToken
        );
        await using var site = await RunningResponder.Start(folder: folder);
        await site.Post("/api/v2/alerts", Alert(""));
        await Until(site, met: true);

        service.Stop();
        await Until(site, met: false);
        await site.Post("/api/v2/alerts", Alert(@",""endsAt"":""2026-01-01T00:00:00Z"""));

        var gate = Gates.Of(site.Desk.Find(1)!, site.Desk.Policy, site.Desk.Clock.GetUtcNow())[0];
        Assert.Equal(0, site.Desk.Find(1)!.FiringCount);
        Assert.False(gate.Met);
        Assert.StartsWith("web does not answer its probe", gate.Evidence, StringComparison.Ordinal);
    }

    private static string Alert(string extra) =>
        $$"""[{"labels":{"alertname":"WebDown","severity":"warning","service":"web"}{{extra}}}]""";

    private static async Task Until(RunningResponder site, bool met)
    {
        while (site.Desk.Find(1)?.Observed.GetValueOrDefault("symptom")?.Met != met)
            await site.Desk.Log.WaitPast(site.Desk.Log.Position, TestContext.Current.CancellationToken);
    }
}
