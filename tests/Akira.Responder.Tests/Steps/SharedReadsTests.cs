using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Responder.Steps;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Steps;

public class SharedReadsTests
{
    private static readonly StepPart Status = new("sip-01", "root", "systemctl status kamailio");

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new();
    private readonly SharedReads _reads;
    private readonly List<string> _begun = [];

    public SharedReadsTests() => _reads = new(_time);

    [Fact]
    public async Task The_first_is_read_at_once()
    {
        Assert.Equal("first", (await Ask("first")).Output);
    }

    [Fact]
    public async Task Whoever_asks_within_the_second_gets_what_is_read_at_its_end_and_that_is_read_once()
    {
        await Ask("first");
        var second = Ask("second");
        var third = Ask("third");
        Assert.False(second.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("second", (await second).Output);
        Assert.Equal("second", (await third).Output);
        Assert.Equal(["first", "second"], _begun);
    }

    [Fact]
    public async Task Nobody_gets_what_was_read_before_it_asked()
    {
        var slow = new TaskCompletionSource<Evidence>();
        var first = _reads.Run(Status, null, TimeSpan.Zero, () => slow.Task, _cancel);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("second", (await Ask("second")).Output);

        slow.SetResult(Printed("first"));
        Assert.Equal("first", (await first).Output);
    }

    [Fact]
    public async Task Another_script_or_another_host_waits_for_nobody()
    {
        await Ask("first");
        Assert.True(Ask("a", Status with { Script = "uptime" }).IsCompleted);
        Assert.True(Ask("b", host: new PlatformHost("sip-01", "10.0.0.2", "root", "signaling")).IsCompleted);
    }

    private Task<Evidence> Ask(string name, StepPart? part = null, PlatformHost? host = null) =>
        _reads.Run(
            part ?? Status,
            host,
            TimeSpan.Zero,
            () =>
            {
                _begun.Add(name);
                return Task.FromResult(Printed(name));
            },
            _cancel
        );

    private static Evidence Printed(string output) => new("sip-01", Verdict.Pass, 0, output, 0, "", TimeSpan.Zero);
}
