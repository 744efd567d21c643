using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Runbooks;

/// <summary>The texts of a folder of runbooks: how they are written, told apart, and what of a platform stands in them.</summary>
public sealed class RunbookTextTests
{
    [Theory]
    [InlineData("\uFEFF", "\n")]
    [InlineData("", "\r\n")]
    public void Byte_order_marks_and_Windows_line_ends_change_nothing(string mark, string lineEnd)
    {
        var page = mark + Shipped.Files[PolicyReader.PolicyFile].ReplaceLineEndings(lineEnd);
        var reading = PolicyReader.Read(Shipped.Files.SetItem(PolicyReader.PolicyFile, page));
        Assert.Empty(reading.Findings);
        Assert.Equal("kamailio-restart", reading.Policy!.Step("kamailio-restart")!.Name);
    }

    [Fact]
    public void The_hash_follows_every_text_and_every_name()
    {
        Assert.Equal(64, Shipped.Policy.Hash.Length);
        Assert.Equal(Shipped.Policy.Hash, PolicyReader.Read(Shipped.Files.ToImmutableSortedDictionary()).Policy!.Hash);
        Assert.NotEqual(Shipped.Policy.Hash, Shipped.With("without haste", "in haste", "dr.md").Policy!.Hash);
    }

    [Fact]
    public void Findings_are_sorted_by_place()
    {
        var reading = PolicyReader.Read(
            ImmutableDictionary<string, string>.Empty.Add(
                PolicyReader.PolicyFile,
                "# Nothing\n\n## Severity levels\n\n### Bad\n"
            )
        );
        Assert.Null(reading.Policy);
        Assert.Equal(
            reading
                .Findings.OrderBy(f => f.Place.File, StringComparer.Ordinal)
                .ThenBy(f => f.Place.Line)
                .ThenBy(f => f.Place.Column),
            reading.Findings
        );
        Assert.Contains(
            "incident-response.md:5:1: error AKR201: 'Bad' names no severity. Head it as '### SEV1 - Outage'.",
            reading.Findings.Select(f => f.ToString())
        );
    }

    [Fact]
    public void The_platform_is_read_from_its_tables()
    {
        var platform = Shipped.Policy.Platform;
        Assert.Equal(5, platform.Hosts.Length);
        Assert.Equal(
            new PlatformHost("akira-db-02-staging", "10.77.0.22", "root", "database, standby"),
            platform.Hosts[2]
        );
        Assert.Equal("sip:10.77.0.11:5060", platform.Service("kamailio")!.Probe);
        Assert.Equal(["caddy", "backend", "certificate"], platform.Service("frontend")!.DependsOn);
        Assert.Null(platform.Service("cdr-worker")!.Probe);
        Assert.Equal("oncall-two", platform.Named("secondary").Single().Name);
    }
}
