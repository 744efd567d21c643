using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Runbooks;

/// <summary>The document as it was handed over, with its headings and fences marked up again and nothing added.</summary>
public sealed class HandedOverTests
{
    private static readonly string Document = File.ReadAllText(
        Path.Combine(Shipped.Root, "tests/Akira.Core.Tests/Runbooks/as-handed-over/incident-response.md")
    );

    private static readonly PolicyReading Alone = PolicyReader.Read(
        ImmutableDictionary<string, string>.Empty.Add(PolicyReader.PolicyFile, Document)
    );

    private static readonly PolicyReading Beside = PolicyReader.Read(
        Shipped.Files.SetItem(PolicyReader.PolicyFile, Document)
    );

    [Fact]
    public void It_loads_without_an_error_by_itself_and_beside_the_runbooks_that_ship()
    {
        Assert.DoesNotContain(Alone.Findings, f => f.IsError);
        // That no severity opens by itself is all there is to say.
        Assert.Equal(["AKR205", "AKR205", "AKR205"], Beside.Findings.Select(f => f.Code));
    }

    [Fact]
    public void It_rules_as_it_stands()
    {
        var policy = Beside.Policy!;
        Assert.Equal(
            [
                (TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15)),
                (TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(30)),
                (TimeSpan.FromHours(4), null),
            ],
            policy.Severities.Select(s => (s.AckTarget, s.UpdateEvery))
        );
        Assert.Equal(["symptom", "smoke", "cdr", "stable", "timestamps"], policy.Gates.Select(g => g.Name));
        Assert.Equal((TimeSpan.FromMinutes(30), 2), (policy.Stability, policy.GuardedSeverities.Length));
        Assert.StartsWith("# Postmortem - <incident_id>", policy.PostmortemTemplate, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_of_its_blocks_only_looks_but_for_the_one_that_restarts()
    {
        var steps = Beside
            .Policy!.Runbooks.Single(r => r.Path == PolicyReader.PolicyFile)
            .Sections.SelectMany(s => s.Steps)
            .ToList();
        Assert.Equal(12, steps.Count);
        Assert.Equal(
            "akira-sip-01-staging",
            Assert.Single(Assert.Single(steps, s => s.Effect != Effect.Read && s.IsRecovery).Hosts)
        );
        Assert.Equal(2, steps.Count(s => s.Parts.All(p => p.Host is null)));
    }
}
