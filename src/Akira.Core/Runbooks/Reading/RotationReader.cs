using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Akira.Core.OnCall;
using Markdig.Syntax;

namespace Akira.Core.Runbooks.Reading;

/// <summary>
/// The list under the on-call table: <c>Rotation: anna, bruno</c>, <c>Handover: every week at 09:00 Europe/Rome</c>,
/// <c>Since: 2026-01-05</c>.
/// </summary>
internal sealed partial class RotationReader(MarkdownFile file, FindingList findings)
{
    private const string Example =
        "'every week at 09:00 Europe/Rome', 'every day at 08:00 UTC' or 'every 2 weeks at 09:00 UTC'";

    /// <returns>Null: no rotation, or one with an error.</returns>
    public Rotation? Read(ImmutableArray<Person> table)
    {
        var lines = file
            .Passages.Where(p => p.Heading.Equals("On-call", StringComparison.OrdinalIgnoreCase))
            .SelectMany(p => p.Blocks.OfType<ListBlock>())
            .SelectMany(l => l.OfType<ListItemBlock>())
            .Select(i =>
                (
                    Place: file.At(i),
                    Match: Line().Match(string.Join(' ', i.OfType<LeafBlock>().Select(b => b.PlainText())))
                )
            )
            .Where(l => l.Match.Success)
            .DistinctBy(l => l.Match.Groups[1].Value.ToLowerInvariant())
            .ToDictionary(
                l => l.Match.Groups[1].Value.ToLowerInvariant(),
                l => (l.Place, Words: l.Match.Groups[2].Value.Trim())
            );
        if (!lines.TryGetValue("rotation", out var rotation))
            return null;
        var people = rotation.Words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var unknown = people.FirstOrDefault(n => table.All(p => !p.Name.Equals(n, StringComparison.OrdinalIgnoreCase)));
        if (unknown is not null)
            findings.Error(
                rotation.Place,
                "AKR809",
                $"the on-call table has no {FindingList.Quote(unknown)}, and the rotation does",
                "Add a row, or correct the name"
            );
        else if (people.Distinct(StringComparer.OrdinalIgnoreCase).Count() < 2)
            findings.Error(
                rotation.Place,
                "AKR809",
                "a rotation needs two different people",
                "Name the others, or take the line out and give the roles in the table"
            );
        var place = rotation.Place;
        (int Every, TimeOnly At, TimeZoneInfo Zone)? handover = null;
        if (lines.TryGetValue("handover", out var line))
        {
            place = line.Place;
            handover = Handover(line.Words);
        }
        if (handover is null)
            findings.Error(
                place,
                "AKR810",
                "the rotation does not say when it hands over",
                $"Write a line 'Handover:' with {Example}"
            );
        var first = default(DateOnly);
        var hasSince = lines.TryGetValue("since", out var since);
        if (
            !hasSince
            || !DateOnly.TryParseExact(
                since.Words,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out first
            )
        )
            findings.Error(
                hasSince ? since.Place : rotation.Place,
                "AKR811",
                "the rotation does not say on which day it began",
                "Write a line 'Since: 2026-01-05': the day on which the first of them took over"
            );
        return unknown is null && handover is var (every, at, zone) && first != default
            ? new Rotation([.. people], every, at, zone, first)
            : null;
    }

    private static (int, TimeOnly, TimeZoneInfo)? Handover(string words)
    {
        var match = When().Match(words);
        if (!match.Success)
            return null;
        var count = match.Groups["n"].Success
            ? int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture)
            : 1;
        var days = count * (match.Groups["unit"].Value.StartsWith('w') ? 7 : 1);
        return
            days is > 0 and <= 366
            && TimeOnly.TryParseExact(
                match.Groups["at"].ValueSpan,
                "HH:mm",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var at
            )
            && TimeZoneInfo.TryFindSystemTimeZoneById(match.Groups["zone"].Value, out var zone)
            ? (days, at, zone)
            : null;
    }

    [GeneratedRegex(@"^(rotation|handover|since):\s*(.+?)\.?$", RegexOptions.IgnoreCase)]
    private static partial Regex Line();

    [GeneratedRegex(
        @"^every\s+((?<n>\d{1,2})\s+)?(?<unit>day|week)s?\s+at\s+(?<at>\d\d:\d\d)\s+(?<zone>[A-Za-z_/+\-0-9]{1,60})$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex When();
}
