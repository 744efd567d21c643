using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Markdig.Extensions.Tables;

namespace Akira.Core.Runbooks.Reading;

/// <summary>The tables of <c>platform.md</c>.</summary>
internal sealed partial class PlatformReader(MarkdownFile file, FindingList findings)
{
    private List<Row> services = [];

    /// <summary>An alert of such a service would begin an incident that no runbook is indexed for.</summary>
    /// <param name="known">Those of the kickoff procedure; none: there is nothing to compare with.</param>
    public void CheckSubsystems(ImmutableArray<string> known)
    {
        foreach (
            var row in services.Where(r =>
                !known.IsEmpty && r["Subsystem"].Length > 0 && !known.Any(k => Policy.AreSame(k, r["Subsystem"]))
            )
        )
            findings.Warn(
                row.At("Subsystem"),
                "AKR807",
                $"the kickoff procedure names no subsystem {FindingList.Quote(row["Subsystem"])}",
                $"Name it there, or use one of {string.Join(", ", known)}"
            );
    }

    public Platform Read()
    {
        var hosts = Rows("Hosts", "Host", "Address")
            .Select(r => new PlatformHost(
                r["Host"],
                r["Address"],
                r["User"] is { Length: > 0 } user ? user : "root",
                r["Role"],
                OrNull(r["Jump"])
            ))
            .ToImmutableArray();
        services = [.. Rows("Services", "Service", "Subsystem")];
        var read = services.Select(Service).ToImmutableArray();
        foreach (var row in services)
        {
            if (
                row["Host"] is { Length: > 0 } host
                && hosts.All(h => !h.Name.Equals(host, StringComparison.OrdinalIgnoreCase))
            )
                findings.Error(
                    row.At("Host"),
                    "AKR802",
                    $"the table of hosts has no {FindingList.Quote(host)}",
                    "Add it there, or correct the name"
                );
            foreach (
                var name in Names(row["Depends on"])
                    .Where(n => read.All(s => !s.Name.Equals(n, StringComparison.OrdinalIgnoreCase)))
            )
                findings.Error(
                    row.At("Depends on", name),
                    "AKR803",
                    $"the table of services has no {FindingList.Quote(name)}",
                    "Add it there, or correct the name"
                );
        }
        var people = Rows("On-call", "Name", "Role").Select(Person).ToImmutableArray();
        if (people.IsEmpty)
            findings.Warn(
                new Place(file.Path, 1, 1),
                "AKR804",
                "nobody is on call",
                "Add '## On-call' with a table 'Name | Telegram | E-mail | Role'"
            );
        var platform = new Platform(hosts, read, people, new RotationReader(file, findings).Read(people));
        foreach (var row in services.Where(r => platform.IsInACircle(r["Service"])))
            findings.Error(
                row.At("Depends on"),
                "AKR808",
                $"{FindingList.Quote(row["Service"])} depends on itself, by way of what it depends on",
                "Take one of the dependencies out: which of them fails first?"
            );
        return platform;
    }

    private Person Person(Row row)
    {
        var person = new Person(row["Name"], row["Telegram"], row["E-mail"], row["Role"]);
        if (!TelegramName().IsMatch(person.Telegram))
            findings.Warn(
                row.At("Telegram"),
                "AKR812",
                $"{FindingList.Quote(person.Telegram)} is nobody's name in Telegram",
                "Write the numeric id, an @name, or a dash"
            );
        if (!MailAddress().IsMatch(person.Email))
            findings.Warn(
                row.At("E-mail"),
                "AKR812",
                $"{FindingList.Quote(person.Email)} is no e-mail address",
                "Write one, or a dash"
            );
        return person;
    }

    private PlatformService Service(Row row)
    {
        var probe = row["Probe"];
        if (probe.Length > 0 && ProbeTarget.Read(probe, out var fix) is null)
            findings.Error(row.At("Probe"), "AKR805", $"{FindingList.Quote(probe)} is no probe", fix);
        return new PlatformService(
            row["Service"],
            row["Subsystem"],
            OrNull(row["Host"]),
            OrNull(row["Unit"]),
            Names(row["Depends on"]),
            OrNull(probe)
        );
    }

    private IEnumerable<Row> Rows(string heading, string key, string required)
    {
        var passage = file.Passages.FirstOrDefault(p => p.Heading.Equals(heading, StringComparison.OrdinalIgnoreCase));
        if (passage?.Blocks.OfType<Table>().FirstOrDefault() is not { } table)
            yield break;
        var rows = table.OfType<TableRow>().ToList();
        var columns = rows[0].OfType<TableCell>().Select(c => c.PlainText()).ToList();
        foreach (
            var column in new[] { key, required }.Where(c => !columns.Contains(c, StringComparer.OrdinalIgnoreCase))
        )
        {
            findings.Error(
                file.At(table),
                "AKR801",
                $"the table under '{heading}' has no column '{column}'",
                "Add it to the head of the table"
            );
            yield break;
        }
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows.Skip(1))
        {
            var cells = new Row(file, row, columns);
            if (cells[key].Length == 0)
                continue;
            if (!names.Add(cells[key]))
                findings.Error(
                    cells.At(key),
                    "AKR806",
                    $"{FindingList.Quote(cells[key])} stands twice under '{heading}'",
                    "Keep one of the two rows"
                );
            if (cells[required].Length == 0)
                findings.Error(
                    cells.At(key),
                    "AKR801",
                    $"{FindingList.Quote(cells[key])} has nothing under '{required}'",
                    "Fill the cell"
                );
            yield return cells;
        }
    }

    private static ImmutableArray<string> Names(string cell) =>
        [.. cell.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static string? OrNull(string cell) => cell.Length == 0 ? null : cell;

    [GeneratedRegex(@"^(?:[0-9]+|@\w+)?\z")]
    private static partial Regex TelegramName();

    [GeneratedRegex(@"^(?:[^\s@]+@[^\s@]+)?\z")]
    private static partial Regex MailAddress();

    private sealed class Row(MarkdownFile file, TableRow row, List<string> columns)
    {
        private readonly List<TableCell> cells = [.. row.OfType<TableCell>()];

        /// <summary>Empty for a missing column, an empty cell or a dash.</summary>
        public string this[string column] =>
            Cell(column)?.PlainText() is { } text && text is not ("-" or "–" or "—") ? text : "";

        public Place At(string column, string? words = null) =>
            Cell(column) is not { } cell ? file.At(row)
            : words is null ? file.At(cell)
            : file.At(cell, words);

        private TableCell? Cell(string column) =>
            columns.FindIndex(c => c.Equals(column, StringComparison.OrdinalIgnoreCase)) is var i
            && i >= 0
            && i < cells.Count
                ? cells[i]
                : null;
    }
}
