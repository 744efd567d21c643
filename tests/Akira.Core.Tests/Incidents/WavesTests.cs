using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Incidents;

public class WavesTests
{
    [Fact]
    public void What_only_reads_runs_everywhere_at_once() =>
        Assert.Equal(["0 1 2"], WavesOf(Effect.Read, ("a", "x"), ("b", "x"), ("c", "y")));

    [Theory]
    [InlineData(Effect.Disruptive)]
    [InlineData(Effect.Destructive)]
    public void A_change_of_many_hosts_begins_with_one_then_two_then_four_at_a_time(Effect effect) =>
        Assert.Equal(
            ["0", "1 2", "3 4 5 6", "7 8 9 10", "11"],
            WavesOf(effect, [.. Enumerable.Range(0, 12).Select(i => ($"host-{i}", "restart"))])
        );

    [Fact]
    public void Different_commands_run_one_after_another_as_they_are_written() =>
        Assert.Equal(["0", "1", "2"], WavesOf(Effect.Disruptive, ("a", "fence"), ("b", "promote"), ("a", "follow")));

    [Fact]
    public void A_host_that_hears_the_same_twice_hears_it_one_after_the_other() =>
        Assert.Equal(["0", "1"], WavesOf(Effect.Disruptive, ("a", "x"), ("A", "x")));

    private static IEnumerable<string> WavesOf(Effect effect, params (string Host, string Script)[] parts) =>
        Waves
            .Of(
                new Step(
                    "step",
                    "",
                    [.. parts.Select(p => new StepPart(p.Host, null, p.Script))],
                    effect,
                    TimeSpan.FromSeconds(30),
                    null,
                    false,
                    default
                )
            )
            .Select(w => string.Join(' ', w));
}
