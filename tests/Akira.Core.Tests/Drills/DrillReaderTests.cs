using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Drills;
using Akira.Core.Incidents;
using Akira.Core.Tests.Runbooks;

namespace Akira.Core.Tests.Drills;

public sealed partial class DrillReaderTests
{
    private static readonly ImmutableArray<string> Faults =
    [
        .. Directory
            .GetFiles(Path.Combine(Shipped.Root, "lab", "faults"), "*.sh")
            .Select(f => Path.GetFileNameWithoutExtension(f)),
    ];

    private static readonly string Document = File.ReadAllText(Path.Combine(Shipped.Root, "docs", "drills.md"));

    public static TheoryData<string> ShippedDrills =>
        [.. Directory.GetFiles(Path.Combine(Shipped.Root, "lab", "drills"), "*.md").Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(ShippedDrills))]
    public void A_drill_that_ships_reads_without_a_finding(string file)
    {
        var reading = Read(File.ReadAllText(Path.Combine(Shipped.Root, "lab", "drills", file)));
        Assert.Empty(reading.Findings);
        Assert.NotNull(reading.Drill);
    }

    [Fact]
    public void Items_of_lists_are_instructions_in_their_order_and_all_else_is_for_people()
    {
        var drill = Read(
            """
            # Signaling stops

            Nobody can call. Expect a bad night.

            - Break `kamailio-stop`.
            - Expect a SEV1 incident of the CDR
              pipeline within 15 s.

            Then:

            1. Say `/resolve`, and expect the refusal `gates-unmet`.
            2. Wait 1 hour 30 minutes
            3. Expect `smoke-call` to pass, and to show `PASS: 1` within 90 s.
            """
        ).Drill!;
        Assert.Equal("Signaling stops", drill.Title);
        Assert.Equal(
            [
                (5, new Instruction.Break("kamailio-stop")),
                (
                    6,
                    new Instruction.Expect(
                        new Sight.IncidentOpen(new Severity(1), "CDR pipeline"),
                        TimeSpan.FromSeconds(15)
                    )
                ),
                (11, new Instruction.Say("/resolve", "gates-unmet")),
                (12, new Instruction.Wait(TimeSpan.FromMinutes(90))),
                (
                    13,
                    new Instruction.Expect(new Sight.Evidence("smoke-call", true, "PASS: 1"), TimeSpan.FromSeconds(90))
                ),
            ],
            drill.Lines.Select(l => (l.Line, l.Instruction))
        );
    }

    public static TheoryData<string, Sight> Sights =>
        new()
        {
            { "a page", new Sight.Page(null) },
            { "a page to oncall-one", new Sight.Page("oncall-one") },
            { "the evidence of every diagnostic", new Sight.AllEvidence() },
            { "`cdr-stream` to end", new Sight.Evidence("cdr-stream", null, null) },
            { "`cdr-stream` to fail", new Sight.Evidence("cdr-stream", false, null) },
            { "`cdr-count` to print a higher number than before", new Sight.HigherNumber("cdr-count") },
            { "the incident to be mitigated", new Sight.State("mitigated") },
            { "the gate `smoke` to hold", new Sight.GateHolds("smoke") },
            { "every gate to hold", new Sight.GateHolds(null) },
            { "the gate `stable` not to hold", new Sight.GateOpen("stable") },
            { "no other incident", new Sight.Alone() },
            { "at most 3 pages", new Sight.PagesAtMost(3) },
            { "the advice to say `/run kamailio-restart`", new Sight.Advice("/run kamailio-restart") },
            { "the post-mortem", new Sight.Postmortem(null) },
            { "the post-mortem to say `restarted`", new Sight.Postmortem("restarted") },
        };

    [Theory]
    [MemberData(nameof(Sights))]
    public void What_can_be_seen_has_one_form_each(string words, Sight sight) =>
        Assert.Equal(
            new Instruction.Expect(sight, TimeSpan.FromMinutes(2)),
            Read($"- Break `kamailio-stop`\n- Expect {words} within 2 minutes.").Drill!.Lines[1].Instruction
        );

    [Fact]
    public void Callers_and_deploys_have_a_line_each() =>
        Assert.Equal(
            [new Instruction.Traffic(20), new Instruction.Deploy("1.1.0", "backend")],
            Read("- Let 20 calls a second come in.\n- Record the deploy `1.1.0` of `backend`.\n- Break `bad-deploy`.")
                .Drill!.Lines.Select(l => l.Instruction)
                .Take(2)
        );

    [Fact]
    public void A_finding_stands_where_its_words_stand()
    {
        var finding = Assert.Single(
            Read("# A\n\n- Break `kamailio-stop`\n- Expect a page\n  within a while.").Findings
        );
        Assert.Equal("drill.md:5:10: error AKR907: 'a while' is no duration", $"{finding}".Split(". ")[0]);
    }

    public static TheoryData<string> Codes => [.. Heading().Matches(Document).Select(m => m.Groups[1].Value)];

    [Fact]
    public void Every_code_is_explained_once()
    {
        var used = Directory
            .GetFiles(Path.Combine(Shipped.Root, "src", "Akira.Core", "Drills"), "*.cs")
            .SelectMany(f => Literal().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))
            .Distinct()
            .Order();
        Assert.Equal(used, Heading().Matches(Document).Select(m => m.Groups[1].Value).Order());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_first_example_of_a_code_gives_it_and_the_second_reads_well(string code)
    {
        var section = Document[Document.IndexOf($"### {code}:", StringComparison.Ordinal)..];
        var examples = Example().Matches(section).Take(2).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.Equal(code, Assert.Single(Read(examples["bad"]).Findings).Code);
        Assert.Empty(Read(examples["good"]).Findings);
    }

    [Fact]
    public void Whatever_the_text_is_the_reader_answers()
    {
        foreach (
            var text in new[] { "", "-", "- `", "- Break ``", "- Expect  within ", "- Say ` `.", "\0", "- Wait \ufeff" }
        )
            Assert.Null(Read(text).Drill);
    }

    private static DrillReading Read(string text) => DrillReader.Read("drill.md", text, Shipped.Policy, Faults);

    [GeneratedRegex(@"^### (AKR\d{3}):", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("\"(AKR\\d{3})\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^````markdown (bad|good)\n(.*?)\n````$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
