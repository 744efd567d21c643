using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Akira.Core.Runbooks.Reading;

/// <summary>Links between runbooks: <c>dr.md#postgresql-primary-failover</c>.</summary>
internal sealed partial class RunbookLinks(
    IReadOnlyList<MarkdownFile> files,
    IEnumerable<string> named,
    FindingList findings
)
{
    private readonly HashSet<string> paths = [.. named];

    private readonly Dictionary<string, HashSet<string>> anchors = files.ToDictionary(
        f => f.Path,
        f => f.Passages.Select(p => p.Anchor).ToHashSet()
    );

    public void CheckAll()
    {
        foreach (var file in files)
        foreach (var link in file.Document.Descendants<LinkInline>().Where(l => !l.IsImage))
            Check(file, link.Url ?? "", file.At(link.UrlSpan.IsEmpty ? link.Span.Start : link.UrlSpan.Start));
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
        // What has a scheme or begins with a slash is somebody else's.
        if (target.StartsWith('/') || Elsewhere().IsMatch(target))
            return;
        var hash = target.IndexOf('#', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(hash < 0 ? target : target[..hash]);
        var anchor = hash < 0 ? "" : Uri.UnescapeDataString(target[(hash + 1)..]);
        if (path.Length > 0 && !path.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
            return;
        if (Resolve(from.Path, path) is not { } full)
            return;
        if (!paths.Contains(full))
            findings.Warn(
                place,
                "AKR305",
                $"there is no runbook {FindingList.Quote(full)}",
                "Write it, or point to one that is there"
            );
        else if (anchor.Length > 0 && anchors.TryGetValue(full, out var known) && !known.Contains(anchor))
            findings.Error(
                place,
                "AKR306",
                $"{full} has no heading for the anchor {FindingList.Quote(anchor)}",
                "Use the heading's words, in lower case with dashes"
            );
    }

    /// <summary>Null when it leads out of the folder, where nothing is known.</summary>
    private static string? Resolve(string from, string path)
    {
        if (path.Length == 0)
            return from;
        var parts = new List<string>(from.Split('/')[..^1]);
        foreach (var part in path.Split('/'))
            if (part == ".." && parts.Count == 0)
                return null;
            else if (part == "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part.Length > 0 && part != ".")
                parts.Add(part);
        return string.Join('/', parts);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"[\w./-]+\.md(?:#[\w-]+)?|#[\w-]+")]
    private static partial Regex Target();
}
