using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Akira.Core.Incidents;

/// <summary>What is to be done so that it does not happen again: a ticket of the post-mortem.</summary>
/// <param name="Number">Within the incident, from 1.</param>
/// <param name="Due">Null: nobody said by when.</param>
public sealed record ActionItem(
    int Number,
    string Owner,
    string What,
    DateOnly? Due,
    DateTimeOffset AddedAt,
    DateTimeOffset? DoneAt
)
{
    /// <summary>Whether its day has passed, in UTC, and it is not done.</summary>
    public bool IsOverdue(DateTimeOffset now) => DoneAt is null && Due < DateOnly.FromDateTime(now.UtcDateTime);
}

/// <summary>The action items as a document has them: <c>- [ ] owner - action - 2026-03-08</c> under that heading.</summary>
public static partial class ActionLines
{
    private const string Heading = "action items";

    /// <param name="Due">Null: the line ends in no date.</param>
    public sealed record ActionLine(string Owner, string What, DateOnly? Due, bool Done);

    /// <summary>Owner, action and due date, divided by « - »; null when it has no owner or no action.</summary>
    public static ActionLine? Read(string words, bool done = false)
    {
        var parts = words.Split(" - ", StringSplitOptions.TrimEntries).ToList();
        DateOnly? due = null;
        if (
            parts.Count > 2
            && DateOnly.TryParseExact(parts[^1], "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var day)
        )
        {
            due = day;
            parts.RemoveAt(parts.Count - 1);
        }
        return parts.Count > 1 && parts[0].Length > 0 && string.Join(" - ", parts[1..]) is { Length: > 0 } what
            ? new(parts[0], what, due, done)
            : null;
    }

    /// <summary>Those of a document, in order. The template's own placeholder is none.</summary>
    public static ImmutableArray<ActionLine> In(string markdown) =>
        [.. Tasks(Lines(markdown)).Select(t => t.Line).Where(l => l is not null).Cast<ActionLine>()];

    /// <summary>The document with the tickets as they stand: known lines are brought up to date, missing ones added.</summary>
    public static string With(string markdown, ImmutableArray<ActionItem> items)
    {
        if (items.IsEmpty)
            return markdown;
        var lines = Lines(markdown).Cast<string?>().ToList();
        var missing = items.ToList();
        var end = lines.FindIndex(IsHeading);
        foreach (var (at, line) in Tasks(Lines(markdown)))
        {
            end = at;
            if (line is null)
                lines[at] = null;
            else if (missing.Find(i => i.Owner == line.Owner && i.What == line.What) is { } item)
            {
                lines[at] = Write(item);
                missing.Remove(item);
            }
        }
        if (end < 0)
        {
            lines.AddRange(["", "## Action Items", ""]);
            end = lines.Count - 1;
        }
        lines.InsertRange(end + 1, missing.Select(Write));
        return string.Join('\n', lines.Where(l => l is not null));
    }

    private static string Write(ActionItem item) =>
        $"- [{(item.DoneAt is null ? ' ' : 'x')}] {Postmortem.Inline(item.Owner)} - {Postmortem.Inline(item.What)}"
        + (item.Due is { } due ? $" - {due.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : "");

    /// <returns>Line null: a task that is still the template's.</returns>
    private static IEnumerable<(int At, ActionLine? Line)> Tasks(IEnumerable<string> lines)
    {
        var (within, at) = (false, -1);
        foreach (var line in lines)
        {
            at++;
            if (line.StartsWith('#'))
                within = IsHeading(line);
            else if (within && Task().Match(line) is { Success: true } task)
            {
                var words = task.Groups[2].Value.Trim();
                yield return (
                    at,
                    words.StartsWith('<')
                        ? null
                        : Read(Escape().Replace(words, "$1"), task.Groups[1].Value != " ")
                            ?? new(words, "", null, false)
                );
            }
        }
    }

    private static bool IsHeading(string? line) =>
        line is ['#', ..] && line.Contains(Heading, StringComparison.OrdinalIgnoreCase);

    private static string[] Lines(string markdown) => markdown.ReplaceLineEndings("\n").Split('\n');

    [GeneratedRegex(@"^\s*[-*]\s+\[([ xX])\]\s+(.+)$")]
    private static partial Regex Task();

    [GeneratedRegex(@"\\([\\`*_\[\]<>|#~])")]
    private static partial Regex Escape();
}
