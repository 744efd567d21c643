using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Lab.Tests;

/// <summary>The runbooks' commands, pasted as they stand.</summary>
public class RunbookTests
{
    private static readonly Policy Policy = PolicyReader
        .Read(
            Directory
                .GetFiles(Path.Combine(Machine.Root, "runbooks"), "*.md")
                .ToImmutableDictionary(f => Path.GetFileName(f), File.ReadAllText)
        )
        .Policy!;

    /// <summary>What changes the platform, in an order in which it can be done and undone, with the looks that belong to it.</summary>
    private static readonly string[][] Changes =
    [
        ["kamailio-restart", "smoke-call", "cdr-count"],
        ["frontend-restart", "frontend-from-outside"],
        ["backend-restart", "backend-from-outside"],
        ["cdr-worker-restart", "nats-restart", "cdr-stream", "smoke-call", "cdr-count"],
        ["cdr-idempotency-check", "cdr-replay", "cdr-count"],
        ["postgresql-restart", "database-state"],
        ["rollback-management-app", "rollback-management-app-check"],
        ["rollback-signaling", "rollback-signaling-check", "smoke-call", "rollback-signaling-undo", "smoke-call"],
        ["certificate-renew", "certificate-check"],
        ["certificate-replace", "certificate-check", "certificate-put-back", "certificate-check"],
        ["vault-start", "vault-clients-restart", "vault-clients", "vault-check"],
        [
            "fence-old-primary",
            "fence-check",
            "promote-standby",
            "promotion-check",
            "repoint-clients",
            "failover-check",
            "rebuild-old-primary",
            "rebuild-check",
        ],
    ];

    /// <summary>Looks that hold only after the change they belong to.</summary>
    private static readonly string[] OnlyAfterwards =
    [
        "rollback-signaling-check",
        "fence-check",
        "promotion-check",
        "rebuild-check",
    ];

    public static TheoryData<string> Reading =>
        [.. Policy.Steps.Where(s => s.Effect == Effect.Read).Select(s => s.Name).Except(OnlyAfterwards)];

    [Theory]
    [MemberData(nameof(Reading))]
    public Task A_step_that_only_reads_ends_well_on_a_healthy_platform(string step) => Run(step);

    public static TheoryData<string> Changing => [.. Changes.Select(steps => string.Join(' ', steps))];

    [Theory]
    [MemberData(nameof(Changing))]
    public async Task A_change_runs_as_written_and_holds_what_it_promises(string steps)
    {
        foreach (var step in steps.Split(' '))
            await Run(step);
        if (steps.StartsWith("fence", StringComparison.Ordinal))
        {
            // The hosts have changed places for good: the next tests get new ones.
            Assert.Equal(0, (await Machine.Lab("down")).ExitCode);
            await RunningLab.BringUp();
        }
    }

    [Fact]
    public void No_step_of_the_runbooks_is_left_out() =>
        Assert.Empty(
            Policy
                .Steps.Where(s => s.Effect != Effect.Read || OnlyAfterwards.Contains(s.Name))
                .Select(s => s.Name)
                .Except(Changes.SelectMany(c => c))
        );

    private static async Task Run(string name)
    {
        var step = Policy.Step(name);
        Assert.True(step is not null, $"the runbooks have no step {name}");
        var ran = await Machine.Paste(step.Script, step.Timeout);
        Assert.True(ran.ExitCode == 0, $"{name} ended with {ran.ExitCode}:\n{ran.Output}");
        if (step.Expect is { } expected)
            foreach (var line in expected.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l != "..."))
                Assert.Contains(line, ran.Output, StringComparison.Ordinal);
    }
}
