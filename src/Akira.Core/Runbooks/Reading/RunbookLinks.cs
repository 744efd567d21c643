using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Akira.Core.Runbooks.Reading;

/// <summary>Links between runbooks: <c>dr.md#postgresql-primary-failover</c>.</summary>
internal sealed partial class RunbookLinks(
    IReadOnlyList<MarkdownFile> files,
    IReadOnlyCollection<string> paths,
    FindingList findings
)
{
    public void CheckAll()
    {
        foreach (var file in files)
        foreach (var link in file.Document.Descendants<LinkInline>().Where(l => !l.IsImage))
            Check(file, link.Url ?? "", file.At(link));
    }

    /// <summary>Reads <c>Vault sealed: vault-unseal.md</c>, the file as plain words, code or a link; null when it names none.</summary>
    public RunbookLink? IndexEntry(MarkdownFile file, LeafBlock entry)
    {
        var words = entry.PlainText();
        var colon = words.IndexOf(':', StringComparison.Ordinal);
        var linked = entry.Inline?.Descendants<LinkInline>().FirstOrDefault()?.Url;
        var target = linked ?? Target().Match(words).Value;
        if (colon <= 0 || target.Length == 0)
        {
            findings.Warn(
                file.At(entry),
                "AKR307",
                $"{FindingList.Quote(words)} names no runbook",
                "Write it as 'Vault sealed: vault-unseal.md'"
            );
            return null;
        }
        if (linked is null)
            Check(file, target, file.At(entry, target));
        return new RunbookLink(words[..colon].Trim(), target);
    }

    private void Check(MarkdownFile from, string target, Place place)
    {
        if (Target().Match(target) is not { Success: true } match || match.Length != target.Length)
            return;
        var (path, anchor) = (match.Groups["path"].Value, match.Groups["anchor"].Value);
        var folder = Path.GetDirectoryName(from.Path)?.Replace('\\', '/') ?? "";
        var full =
            path.Length == 0 ? from.Path
            : folder.Length == 0 ? path
            : $"{folder}/{path}";
        if (full.StartsWith("./", StringComparison.Ordinal))
            full = full[2..];
        if (full.Contains("../", StringComparison.Ordinal))
            return;
        if (!paths.Contains(full))
            findings.Warn(
                place,
                "AKR305",
                $"there is no runbook {FindingList.Quote(full)}",
                "Write it, or point to one that is there"
            );
        else if (
            anchor.Length > 0
            && files.FirstOrDefault(f => f.Path == full) is { } file
            && file.Passages.All(p => p.Anchor != anchor)
        )
            findings.Error(
                place,
                "AKR306",
                $"{full} has no heading for the anchor {FindingList.Quote(anchor)}",
                "Use the heading's words, in lower case with dashes"
            );
    }

    [GeneratedRegex(@"(?<path>[\w./-]+\.md)(?:#(?<anchor>[\w-]+))?|#(?<anchor>[\w-]+)", RegexOptions.None)]
    private static partial Regex Target();
}
