using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Akira.Core.Alerts;
using Akira.Core.Runbooks.Reading;
using Markdig.Syntax;

namespace Akira.Core.Runbooks;

/// <param name="Policy">Null when any of the findings is an error.</param>
/// <param name="Findings">Sorted by place.</param>
public sealed record PolicyReading(Policy? Policy, ImmutableArray<Finding> Findings);

/// <summary>Reads a folder of runbooks into what the responder obeys, or says what is wrong with it and where.</summary>
public static class PolicyReader
{
    public const string PolicyFile = "incident-response.md";
    public const string PlatformFile = "platform.md";

    /// <param name="files">Paths relative to the folder, with forward slashes, to texts. Only <c>*.md</c> is read.</param>
    public static PolicyReading Read(IReadOnlyDictionary<string, string> files)
    {
        var findings = new FindingList();
        var paths = files
            .Keys.Where(p => p.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToList();
        var pages = paths.Select(p => MarkdownFile.Read(p, files[p], findings)).OfType<MarkdownFile>().ToList();
        var reader = new RunbookReader(findings);
        var runbooks = reader.Read(pages);
        var links = new RunbookLinks(pages, paths, findings);
        links.CheckAll();

        if (!paths.Contains(PlatformFile))
            findings.Warn(
                new Place(PlatformFile, 1, 1),
                "AKR102",
                "there is no platform.md, so no host, service or person is known",
                "Add it with the tables Hosts, Services and On-call"
            );
        var platformReader = pages.Find(p => p.Path == PlatformFile) is { } described
            ? new PlatformReader(described, findings)
            : null;
        var platform = platformReader?.Read() ?? Platform.Empty;
        HostCheck.Check(reader.Targets, platform, findings);

        if (!paths.Contains(PolicyFile))
            findings.Error(
                new Place(PolicyFile, 1, 1),
                "AKR101",
                "there is no incident-response.md",
                "Add it: it says what an incident is and what happens then"
            );
        var policy = pages.Find(p => p.Path == PolicyFile) is { } page
            ? Read(page, HashOf(paths, files), runbooks, platform, platformReader, links, findings)
            : null;
        return new PolicyReading(findings.HasErrors ? null : policy, findings.Sorted);
    }

    private static Policy Read(
        MarkdownFile file,
        string hash,
        ImmutableArray<Runbook> runbooks,
        Platform platform,
        PlatformReader? platformReader,
        RunbookLinks links,
        FindingList findings
    )
    {
        var severities = new SeverityReader(file, findings, platform, [.. NamesThatCanBeUp(platform)]).Read(
            Headed(file, "severity levels")
        );
        var kickoff = new KickoffReader(file, findings, links).Read(Headed(file, "kickoff"), severities);
        platformReader?.CheckSubsystems(kickoff.Subsystems);
        var gates = new GateReader(file, findings, runbooks).Read(Headed(file, "resolution"));
        var caveats = new CaveatReader(file, findings).Read(Headed(file, "caveats"), severities);
        var stability = caveats.Stability ?? gates.FirstOrDefault(g => g.Kind == GateKind.Stable)?.For;
        if (stability is null)
            findings.Warn(
                new Place(file.Path, 1, 1),
                "AKR503",
                "nothing says how long the system must be stable before a downgrade",
                "Add under '## Caveats': 'Do not downgrade SEV1 until the system has stayed stable for 30 minutes.'"
            );
        var policy = new Policy(
            hash,
            [
                .. severities.Select(s =>
                    s with
                    {
                        UpdateEvery =
                            s.UpdateEvery ?? (kickoff.Cadence.TryGetValue(s.Severity, out var every) ? every : null),
                    }
                ),
            ],
            kickoff.Subsystems,
            kickoff.Checklist,
            kickoff.Index,
            MitigationOrder(file, findings),
            new EscalationReader(file, findings, platform).Read(Headed(file, "escalation matrix"), severities),
            gates,
            PostmortemTemplate(file, findings),
            caveats.Lines,
            stability ?? TimeSpan.Zero,
            caveats.Guarded,
            caveats.ConfirmerMustDiffer,
            runbooks,
            platform
        )
        {
            SmokeBaseline = BaselineReader.In(runbooks.Single(r => r.Path == PolicyFile).Text),
        };
        return platformReader is null || severities.IsEmpty
            ? policy
            : policy with
            {
                Platform = platform with { Windows = platformReader.Windows(policy) },
            };
    }

    /// <summary>What may stand before <c>.up</c>: services, and subsystems as samples write them.</summary>
    private static IEnumerable<string> NamesThatCanBeUp(Platform platform) =>
        platform
            .Services.SelectMany(s => new[] { s.Name, SamplesOfSubsystems.Name(s.Subsystem) })
            .Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The first passage so headed, at whatever level: <c>Kickoff</c> finds <c>Kickoff Procedure SEV1/SEV2</c>.</summary>
    private static Passage? Headed(MarkdownFile file, string words) =>
        file.Passages.FirstOrDefault(p =>
            Words(p.Heading)
                .StartsWith(words.Replace(" ", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)
        );

    private static string Words(string heading) => string.Concat(heading.Where(char.IsLetterOrDigit));

    private static ImmutableArray<string> MitigationOrder(MarkdownFile file, FindingList findings)
    {
        var lists =
            from passage in file.Passages
            from pair in passage.Blocks.Zip(passage.Blocks.Skip(1))
            where
                pair.First is ParagraphBlock p
                && p.PlainText().StartsWith("Mitigation order", StringComparison.OrdinalIgnoreCase)
            select pair.Second as ListBlock;
        var list =
            lists.FirstOrDefault(l => l is not null)
            ?? Headed(file, "mitigation order")?.Blocks.OfType<ListBlock>().FirstOrDefault();
        if (list is null)
            findings.Warn(
                new Place(file.Path, 1, 1),
                "AKR308",
                "there is no mitigation order, so none can be offered",
                "Add a line 'Mitigation order:' and an ordered list under it"
            );
        return
        [
            .. list?.OfType<ListItemBlock>().Select(i => i.Lead()?.PlainText() ?? "").Where(w => w.Length > 0) ?? [],
        ];
    }

    private static string? PostmortemTemplate(MarkdownFile file, FindingList findings)
    {
        var passage = Headed(file, "postmortem template");
        var fence = passage?.Blocks.OfType<FencedCodeBlock>().FirstOrDefault();
        if (fence is null)
            findings.Warn(
                passage is null ? new Place(file.Path, 1, 1) : file.At(passage.Offset),
                "AKR505",
                "there is no post-mortem template",
                "Add '## Postmortem Template' with a markdown fence"
            );
        return fence?.Lines.ToString();
    }

    /// <summary>Each name and text with its length before it, so that no two folders read the same.</summary>
    private static string HashOf(IEnumerable<string> paths, IReadOnlyDictionary<string, string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in paths.SelectMany(p => new[] { p, files[p] }))
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
