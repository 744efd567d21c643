using System.Globalization;
using System.Text.RegularExpressions;
using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Runbooks;

/// <summary>The corpus stands in effects.tsv, a command a line. What slipped through once stays in it.</summary>
public sealed partial class EffectsTests
{
    private static readonly string[] Corpus =
    [
        .. File.ReadAllLines(Path.Combine(Shipped.Root, "tests/Akira.Core.Tests/Runbooks/effects.tsv")).Skip(1),
    ];

    public static TheoryData<string, string, string> Commands =>
        [.. Corpus.Select(line => line.Split('\t')).Select(row => (row[0], row[1], row[2]))];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_has_the_verdict_of_the_corpus(string verdict, string command, string why) =>
        Assert.True(
            Effects.Of(Unescape(command)) == Enum.Parse<Effect>(verdict, ignoreCase: true),
            $"not {verdict} but {Effects.Of(Unescape(command))}, although: {why}"
        );

    [Fact]
    public void The_corpus_says_each_command_once_and_why()
    {
        var rows = Corpus.Select(line => line.Split('\t')).ToList();
        Assert.All(rows, row => Assert.True(row is [_, _, { Length: > 0 }], string.Join('\t', row)));
        Assert.Equal(rows.Count, rows.DistinctBy(row => row[1]).Count());
        Assert.True(rows.Count >= 300);
    }

    [Fact]
    public void Nothing_that_is_put_after_a_reading_command_with_a_joint_hides_what_it_does()
    {
        var reads = Corpus.Where(l => l.StartsWith("read\t", StringComparison.Ordinal)).Select(Command).ToList();
        var others = Corpus.Where(l => !l.StartsWith("read\t", StringComparison.Ordinal)).Select(Command).ToList();
        foreach (var (i, other) in others.Index())
        foreach (var joint in new[] { " && ", " || ", "; ", " | ", "\n" })
        {
            var script = reads[i % reads.Count].Split('#')[0] + joint + other;
            Assert.True(Effects.Of(script) != Effect.Read, script);
        }
    }

    [Fact]
    public void A_reading_command_reads_however_it_is_joined_to_another()
    {
        var reads = Corpus
            .Where(l => l.StartsWith("read\t", StringComparison.Ordinal))
            .Select(Command)
            .Where(c => !c.Contains("cd /", StringComparison.Ordinal))
            .ToList();
        foreach (var (a, b) in reads.Zip(reads.Skip(1)))
            Assert.True(Effects.Of($"{a}\n{b}") == Effect.Read, $"{a}\n{b}");
    }

    private static string Command(string line) => Unescape(line.Split('\t')[1]);

    private static string Unescape(string command) =>
        Code()
            .Replace(
                command.Replace('⏎', '\n'),
                m => ((char)int.Parse(m.Groups[1].ValueSpan, NumberStyles.HexNumber, null)).ToString()
            );

    [GeneratedRegex("<U\\+([0-9A-F]{4})>")]
    private static partial Regex Code();
}
