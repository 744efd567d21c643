using System.Diagnostics;
using Akira.Core.Runbooks;
using CsCheck;

namespace Akira.Core.Tests.Runbooks;

/// <summary>The shipped runbooks, damaged: bytes and lines deleted, doubled, exchanged, taken from each other.</summary>
public sealed class RunbookFuzzTests
{
    private static readonly string[] Names = [.. Shipped.Files.Keys.Order(StringComparer.Ordinal)];

    private static readonly string[] Tokens =
    [
        "```",
        "```sh { name=x effect=read }\n",
        "~~~",
        "|",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "    ",
        "> ",
        "- ",
        "1. ",
        "## ",
        "`",
        "'",
        "\"",
        "\\",
        "${",
        "$(",
        "ssh ",
        "root@x",
        "SEV9",
        "T+1 h",
        "[x](dr.md#y)",
        "<!--",
        "&#0;",
        "\u0085",
        "\u2028",
        "\uD800",
        "\uFEFF",
        "99999999999999999999 minutes",
        "asr < 5s",
        "{",
        "}",
        "<x>",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Damaged_runbooks_are_answered(int block)
    {
        for (var seed = block * 1000; seed < block * 1000 + 120; seed++)
            Check(seed);
    }

    /// <summary>Not in CI: see CONTRIBUTING. A seed that fails becomes a line above.</summary>
    [Fact(Explicit = true)]
    public void Damaged_runbooks_are_answered_for_ten_minutes() =>
        Gen.Int[0, int.MaxValue].Sample(Check, time: 600, threads: 1);

    private static void Check(int seed)
    {
        var random = new Random(seed);
        var files = Shipped.Files;
        for (var damages = random.Next(1, 10); damages > 0; damages--)
        {
            var name = Names[random.Next(Names.Length)];
            files = files.SetItem(name, Damage(files[name], files[Names[random.Next(Names.Length)]], random));
        }
        var watch = Stopwatch.StartNew();
        var reading = PolicyReader.Read(files);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"seed {seed} took {watch.Elapsed}");
        Assert.True(reading.Policy is null == reading.Findings.Any(f => f.IsError), $"seed {seed}");
        foreach (var finding in reading.Findings)
            Assert.True(
                IsInside(finding.Place, files.GetValueOrDefault(finding.Place.File, "")),
                $"seed {seed}: {finding}"
            );
        foreach (var step in reading.Policy?.Steps ?? [])
            Assert.True(
                step.Effect >= step.Parts.Select(p => Effects.Of(p.Script)).Append(Effect.Read).Max(),
                $"seed {seed}: {step.Name}"
            );
    }

    private static bool IsInside(Place place, string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        return place.Line >= 1
            && place.Line <= lines.Length
            && place.Column >= 1
            && place.Column <= lines[place.Line - 1].Length + 1;
    }

    private static string Damage(string text, string other, Random random)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(text.Length - at, random.Next(1, 40));
        var lines = text.Split('\n').ToList();
        var (one, two) = (random.Next(lines.Count), random.Next(lines.Count));
        switch (random.Next(10))
        {
            case 0:
                return text.Remove(at, length);
            case 1:
                return text.Insert(at, text.Substring(at, length));
            case 2:
                return text.Insert(at, Tokens[random.Next(Tokens.Length)]);
            case 3:
                return text.Insert(at, ((char)random.Next(0x300)).ToString());
            case 4:
                return text[..at];
            case 5:
                lines.RemoveAt(one);
                return string.Join('\n', lines);
            case 6:
                lines.Insert(two, lines[one]);
                return string.Join('\n', lines);
            case 7:
                (lines[one], lines[two]) = (lines[two], lines[one]);
                return string.Join('\n', lines);
            case 8:
                var from = random.Next(other.Length + 1);
                return text.Insert(at, other.Substring(from, Math.Min(other.Length - from, random.Next(400))));
            default:
                lines[one] = new string(random.Next(2) == 0 ? ' ' : '\t', random.Next(1, 9)) + lines[one];
                return string.Join('\n', lines);
        }
    }
}
