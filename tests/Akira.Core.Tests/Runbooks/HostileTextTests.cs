using System.Collections.Immutable;
using System.Diagnostics;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Conditions;
using CsCheck;

namespace Akira.Core.Tests.Runbooks;

/// <summary>A runbook is somebody's text: whatever it is, the reader answers and comes back.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Bits =
    [
        "# ",
        "## Severity levels\n",
        "### SEV1 - x\n",
        "### SEV99\n",
        "- Ack target: ",
        "- Opens when: `",
        "`",
        "```sh\n",
        "```",
        "```text expect\n",
        "{ name=x ",
        "effect=read }",
        "{\"name\":",
        "}",
        "ssh root@h '",
        "'",
        "\"",
        "\\",
        "|",
        "---|---\n",
        "## Escalation matrix\n",
        "| T+0 | Page ",
        "## Resolution\n",
        "- timestamps for ",
        "## Caveats\n",
        "- stable for ",
        "SEV1",
        "15 minutes",
        "every 15 minutes for SEV1",
        "1. ",
        "   - a: b.md#c",
        "## Kickoff\n",
        "Mitigation order:\n",
        "> ",
        "[x](",
        "dr.md#",
        "#",
        "<b>",
        "&amp;",
        "\t",
        "\n",
        "\r\n",
        "\0",
        "\uFEFF",
        "\u202E",
        "\uD83D",
        "é",
        " ",
        "$(",
        "<<E",
        "99999999999999999999",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(Any(Bits).Array[0, 60].Select(string.Concat), Gen.String);

    [Fact]
    public void No_text_makes_the_reader_throw() =>
        Text.Sample(
            text =>
            {
                var reading = PolicyReader.Read(
                    ImmutableDictionary<string, string>
                        .Empty.Add(PolicyReader.PolicyFile, text)
                        .Add(PolicyReader.PlatformFile, text)
                );
                Assert.Equal(reading.Policy is null, reading.Findings.Any(f => f.IsError));
                Assert.All(reading.Findings, f => Assert.True(f.Place is { Line: >= 1, Column: >= 1 }));
            },
            iter: 3_000
        );

    [Fact]
    public void No_damage_to_the_shipped_runbooks_makes_the_reader_throw()
    {
        var page = Shipped.Files[PolicyReader.PolicyFile];
        Gen.Select(Gen.Int[0, page.Length], Gen.Int[0, 200], Text)
            .Sample(
                (at, cut, text) =>
                {
                    var damaged = page[..at] + text + page[Math.Min(page.Length, at + cut)..];
                    var reading = PolicyReader.Read(Shipped.Files.SetItem(PolicyReader.PolicyFile, damaged));
                    Assert.Equal(reading.Policy is null, reading.Findings.Any(f => f.IsError));
                },
                iter: 300
            );
    }

    [Fact]
    public void No_condition_makes_the_parser_throw() =>
        Gen.OneOf(
                Any(
                    "asr",
                    "pdd.p95",
                    " < ",
                    ">=",
                    "90%",
                    "5s",
                    "(",
                    ")",
                    "and",
                    " or ",
                    "for",
                    " over ",
                    "{",
                    "}",
                    "=",
                    "\"",
                    ",",
                    ".",
                    "1",
                    "%",
                    "\0",
                    "é"
                )
                    .Array[0, 30]
                    .Select(string.Concat),
                Gen.String
            )
            .Sample(text =>
            {
                var reading = ConditionParser.Read(text, []);
                Assert.True(reading.Condition is null != reading.Problem is null);
                Assert.InRange(reading.Problem?.Column ?? 0, 0, text.Length);
            });

    [Fact]
    public void No_script_makes_the_judge_of_effects_throw() => Text.Sample(text => Effects.Of(text));

    [Fact]
    public void A_hidden_reboot_is_never_proven_to_read() =>
        Any(
                "reboot",
                "$(reboot)",
                "`reboot`",
                "& reboot",
                "; reboot",
                "| reboot",
                "|| reboot",
                "\nreboot",
                "> /dev/sda",
                "\\\nreboot",
                "<(reboot)"
            )
            .Select(
                Any("uptime", "df -h", "curl -I https://a.example", "tail -5 /x | grep y", "systemctl status x", "echo")
            )
            .Sample((hidden, open) => Assert.True(hidden == "reboot" || Effects.Of($"{open} {hidden}") != Effect.Read));

    [Theory]
    [InlineData(">", "AKR105")]
    [InlineData("1. ", "AKR105")]
    [InlineData("- ", null)]
    [InlineData("[", null)]
    [InlineData("*a **b ", null)]
    [InlineData("`", null)]
    [InlineData("|", null)]
    [InlineData("| a | b |\n", null)]
    [InlineData("# a\n", null)]
    [InlineData("# SEV1\n", null)]
    [InlineData("```sh\nuptime\n```\n", null)]
    [InlineData("<a href='", null)]
    [InlineData("every 1 ", null)]
    public void A_megabyte_of_one_thing_is_answered_in_seconds(string bit, string? code)
    {
        var text = "# x\n\n" + string.Concat(Enumerable.Repeat(bit, 1_000_000 / bit.Length));
        var watch = Stopwatch.StartNew();
        var reading = PolicyReader.Read(ImmutableDictionary<string, string>.Empty.Add(PolicyReader.PolicyFile, text));
        Assert.Null(reading.Policy);
        if (code is not null)
            Assert.Contains(code, reading.Findings.Select(f => f.Code));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("a\0b", "AKR104", 1, 2)]
    [InlineData("# a\n\nb\0", "AKR104", 3, 2)]
    public void A_NUL_is_an_error_at_its_place(string text, string code, int line, int column)
    {
        var finding = PolicyReader
            .Read(Shipped.Files.SetItem("odd.md", text))
            .Findings.Single(f => f.Place.File == "odd.md");
        Assert.Equal((code, line, column), (finding.Code, finding.Place.Line, finding.Place.Column));
    }

    [Fact]
    public void A_file_of_more_than_a_mebibyte_is_refused() =>
        Assert.Contains(
            "AKR103",
            PolicyReader
                .Read(Shipped.Files.SetItem("long.md", new string('a', (1 << 20) + 1)))
                .Findings.Select(f => f.Code)
        );

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
