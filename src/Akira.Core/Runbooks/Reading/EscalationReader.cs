using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Incidents;
using Akira.Core.OnCall;
using Markdig.Extensions.Tables;

namespace Akira.Core.Runbooks.Reading;

/// <summary>The table of <c>Escalation Matrix</c>: a row a time since detection, a column a severity.</summary>
internal sealed partial class EscalationReader(MarkdownFile file, FindingList findings, Platform platform)
{
    public ImmutableArray<EscalationRow> Read(Passage? matrix, ImmutableArray<SeverityPolicy> severities)
    {
        if (matrix?.Blocks.OfType<Table>().FirstOrDefault() is not { } table)
        {
            var place = matrix is null ? new Place(file.Path, 1, 1) : file.At(matrix.Offset);
            findings.Warn(
                place,
                "AKR401",
                "there is no escalation matrix, so nobody is paged as time passes",
                "Add '## Escalation Matrix' with a table 'Elapsed Time | SEV1 Action'"
            );
            return [];
        }
        var rows = table.OfType<TableRow>().ToList();
        var columns = Columns(rows[0], severities);
        foreach (var severity in severities.Where(s => s.Pages && !columns.Any(c => c.Severity == s.Severity)))
            findings.Warn(
                file.At(rows[0]),
                "AKR401",
                $"{severity.Severity} pages, but has no column, so nobody further is paged for it as time passes",
                $"Add a column '{severity.Severity} Action'"
            );
        var matrixRows = ImmutableArray.CreateBuilder<EscalationRow>();
        foreach (var row in rows.Skip(1))
        {
            var cells = row.OfType<TableCell>().ToList();
            if (cells.Count == 0 || cells.TrueForAll(c => c.PlainText().Length == 0))
                continue;
            var elapsed = Elapsed(cells[0]);
            var actions = ImmutableSortedDictionary.CreateBuilder<Severity, EscalationAction>();
            foreach (var (cell, column) in cells.Zip(columns).Skip(1))
                if (cell.PlainText() is not { Length: > 0 } text || text is "-" or "–" or "—")
                    continue;
                else if (column.Severity is { } severity)
                    actions[severity] = Action(cell, text);
                else if (!column.IsHeaded)
                    findings.Error(
                        file.At(cell),
                        "AKR407",
                        $"{FindingList.Quote(text)} stands under no column, so nobody does it",
                        "Give the column a head, or write a '|' inside a cell as '\\|'"
                    );
            if (elapsed is { } time)
            {
                CheckReached(time, actions.Keys, matrixRows, cells[0]);
                matrixRows.Add(new EscalationRow(time, actions.ToImmutable()));
            }
        }
        return [.. matrixRows.OrderBy(r => r.Elapsed)];
    }

    private void CheckReached(
        TimeSpan elapsed,
        IEnumerable<Severity> severities,
        IReadOnlyList<EscalationRow> above,
        TableCell cell
    )
    {
        var words = FindingList.Quote(cell.PlainText());
        if (above.Any(r => r.Elapsed == elapsed && severities.Any(r.Actions.ContainsKey)))
            findings.Error(
                file.At(cell),
                "AKR406",
                $"the row {words} is never reached: another one above it comes at the same time",
                "Join the two, or give this one a time of its own"
            );
        else if (above.Any(r => r.Elapsed > elapsed))
            findings.Warn(
                file.At(cell),
                "AKR408",
                $"the row {words} comes earlier than one above it",
                "Put the rows in the order of time, as people read them"
            );
    }

    /// <summary>The parser adds columns without a head where a row has more cells than the first.</summary>
    private readonly record struct Column(Severity? Severity, bool IsHeaded);

    private List<Column> Columns(TableRow header, ImmutableArray<SeverityPolicy> severities)
    {
        var columns = new List<Column>();
        foreach (var cell in header.OfType<TableCell>())
        {
            var words = cell.PlainText();
            Severity? severity = null;
            if (columns.Count > 0 && words.Length > 0)
            {
                if (
                    Named().Match(words) is { Success: true } named
                    && Severity.TryParse(named.Value, out var s)
                    && severities.Any(p => p.Severity == s)
                )
                    severity = s;
                else
                    findings.Error(
                        file.At(cell),
                        "AKR403",
                        $"the column {FindingList.Quote(words)} names no severity that is defined above",
                        $"Head it with one of {string.Join(", ", severities.Select(p => p.Severity))}"
                    );
                if (severity is not null && columns.Exists(c => c.Severity == severity))
                    findings.Error(
                        file.At(cell),
                        "AKR403",
                        $"a second column is headed {severity}",
                        "Keep one of the two"
                    );
            }
            columns.Add(new Column(severity, words.Length > 0));
        }
        return columns;
    }

    private TimeSpan? Elapsed(TableCell cell)
    {
        var words = cell.PlainText();
        var time = Since().Replace(words, "").Trim();
        if (time == "0")
            return TimeSpan.Zero;
        if (Durations.TryParse(time, out var elapsed))
            return elapsed;
        findings.Error(
            file.At(cell),
            "AKR402",
            $"{FindingList.Quote(words)} is no time since detection",
            "Write T+0, T+15 min or T+1 h"
        );
        return null;
    }

    private EscalationAction Action(TableCell cell, string text)
    {
        var (action, problem) = PageCell.Read(text, platform);
        if (problem is not null)
            findings.Error(
                file.At(cell, problem),
                "AKR405",
                $"{FindingList.Quote(problem)} is no condition of the matrix",
                "Write 'if not mitigated' or 'if not acknowledged'"
            );
        foreach (var name in action.Pages)
            People.Check(name, file.At(cell, name), platform, findings);
        return action;
    }

    [GeneratedRegex(@"^\s*T\s*\+\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Since();

    [GeneratedRegex(@"\bsev[\s-]*\d+", RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}

internal static class People
{
    /// <summary>Without an on-call table nobody is known, and every name is taken as it stands.</summary>
    public static void Check(string name, Place place, Platform platform, FindingList findings)
    {
        // A rotation always gives somebody each role, at whatever time.
        if (!platform.OnCall.IsEmpty && platform.OnDuty(DateTimeOffset.UnixEpoch, []).Named(name).IsEmpty)
            findings.Error(
                place,
                "AKR404",
                $"nobody in the on-call table is {FindingList.Quote(name)} by name or role",
                $"Use one of {string.Join(", ", platform.OnCall.SelectMany(p => p.Roles.Prepend(p.Name)).Where(w => w.Length > 0).Distinct().Take(12))}, and begin a reminder with a comma"
            );
    }
}
