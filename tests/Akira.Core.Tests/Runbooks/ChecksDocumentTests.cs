using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Runbooks;

/// <summary>docs/checks.md is a promise: every code is in it, and each of its examples does what it says.</summary>
public sealed partial class ChecksDocumentTests
{
    /// <summary>What no document can show: too long, not text, too deep.</summary>
    private static readonly string[] Unshown = ["AKR103", "AKR104", "AKR105"];

    private static readonly string Document = File.ReadAllText(Path.Combine(Shipped.Root, "docs", "checks.md"));

    public static TheoryData<string> Codes => [.. Heading().Matches(Document).Select(m => m.Groups[1].Value)];

    [Fact]
    public void Every_code_of_the_reader_is_explained_once()
    {
        var used = Directory
            .GetFiles(Path.Combine(Shipped.Root, "src", "Akira.Core", "Runbooks"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Literal().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))
            .Distinct()
            .Order();
        Assert.Equal(used, Heading().Matches(Document).Select(m => m.Groups[1].Value).Order());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_first_example_gives_the_finding_and_the_second_loads_without_it(string code)
    {
        var section = Document[Document.IndexOf($"### {code}:", StringComparison.Ordinal)..];
        section = section[
            ..(section.IndexOf("\n### AKR", StringComparison.Ordinal) is var end and > 0 ? end : section.Length)
        ];
        var examples = Example().Matches(section);
        if (Unshown.Contains(code))
        {
            Assert.Empty(examples);
            return;
        }
        Assert.Equal(["bad", "good"], examples.Select(e => e.Groups["verdict"].Value));

        var bad = Read(examples[0]);
        var finding = bad.Findings.FirstOrDefault(f => f.Code == code);
        Assert.True(finding is not null, $"not found; but {string.Join('\n', bad.Findings)}");
        Assert.StartsWith(finding.IsError ? "Error." : "Warning.", section.Split("\n\n")[1], StringComparison.Ordinal);

        var good = Read(examples[1]);
        Assert.DoesNotContain(good.Findings, f => f.Code == code || f.IsError);
    }

    private static PolicyReading Read(Match example)
    {
        var text = example.Groups["text"].Value;
        if (example.Groups["language"].Value == "files")
            return PolicyReader.Read(
                Shipped.Files.Where(f => text.Split('\n').Contains(f.Key)).ToImmutableDictionary()
            );
        var file = example.Groups["file"].Value;
        var page = Shipped.Files.GetValueOrDefault(file, "# More\n");
        return PolicyReader.Read(Shipped.Files.SetItem(file, Sections(text).Aggregate(page, Replace)));
    }

    /// <summary>An example may show more than one section of its level.</summary>
    private static IEnumerable<string> Sections(string text)
    {
        var level = text[..text.IndexOf(' ', StringComparison.Ordinal)];
        return Regex.Split(text, $"(?m)^(?={level} )").Where(s => s.Length > 0);
    }

    /// <summary>The section with the same heading goes; a new severity comes after the others, anything else last.</summary>
    private static string Replace(string page, string section)
    {
        var headings = Headings(page).ToList();
        var heading = section.Split('\n')[0];
        var level = heading.IndexOf(' ', StringComparison.Ordinal);
        var at = headings.FindIndex(h => h.Line == heading);
        if (at < 0 && !heading.StartsWith("### SEV", StringComparison.Ordinal))
            return page + "\n" + section;
        var start =
            at < 0
                ? headings.First(h => h.Line.StartsWith("## Kick", StringComparison.Ordinal)).Offset
                : headings[at].Offset;
        var next =
            at < 0
                ? start
                : headings.Skip(at + 1).FirstOrDefault(h => h.Level <= level, new("", page.Length, 0)).Offset;
        return page[..start] + section.TrimEnd() + "\n\n" + page[next..];
    }

    private sealed record HeadingLine(string Line, int Offset, int Level);

    private static IEnumerable<HeadingLine> Headings(string page)
    {
        var (offset, inFence) = (0, false);
        foreach (var line in page.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inFence = !inFence;
            if (!inFence && line.StartsWith('#'))
                yield return new HeadingLine(line, offset, line.IndexOf(' ', StringComparison.Ordinal));
            offset += line.Length + 1;
        }
    }

    [GeneratedRegex(@"^### (AKR\d{3}):", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("\"(AKR\\d{3})\"")]
    private static partial Regex Literal();

    [GeneratedRegex(
        @"^````(?<language>\w+) (?<verdict>bad|good) ?(?<file>\S*)\n(?<text>.*?)\n````$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Example();
}
