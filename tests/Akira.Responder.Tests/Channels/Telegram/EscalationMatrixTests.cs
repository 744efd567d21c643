using System.Globalization;
using System.Text.RegularExpressions;
using Akira.Core.Incidents;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Channels.Telegram;

/// <summary>
/// Each cell of the shipped runbook's escalation matrix, as the group sees it. The cells are read from the document, in a
/// way of their own: whoever edits the table gets other tests.
/// </summary>
public sealed partial class EscalationMatrixTests : TelegramTest
{
    private static readonly DateTimeOffset Beginning = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private static readonly string Document = File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "runbooks", "incident-response.md")
    );

    private readonly FakeTimeProvider _clock = new(Beginning);

    public EscalationMatrixTests() => Time = _clock;

    /// <summary>The document without what is run: no test talks to the world.</summary>
    private protected override string Policy =>
        Between("# Incident response", "## Kickoff") + Between("## Escalation matrix", "## Postmortem template");

    /// <summary>Severity, minutes since detection, the cell's words, and whether somebody mitigates before that.</summary>
    public static TheoryData<string, int, string, bool> Cells
    {
        get
        {
            var rows = Between("## Escalation matrix", "## Resolution")
                .Split('\n')
                .Where(l => l.StartsWith('|'))
                .Select(l => l.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
                .ToList();
            var cells = new TheoryData<string, int, string, bool>();
            foreach (var row in rows.Skip(2))
            foreach (var (column, cell) in rows[0].Zip(row).Skip(1))
            foreach (var isMitigated in MinutesIn(row[0]) == 0 ? [false] : new[] { false, true })
                cells.Add(column.Split(' ')[0], MinutesIn(row[0]), cell, isMitigated);
            return cells;
        }
    }

    [Fact]
    public void The_table_has_four_rows_for_each_of_two_severities() =>
        Assert.Equal(
            from severity in new[] { "SEV1", "SEV2" }
            from minutes in new[] { 0, 15, 30, 60 }
            select (severity, minutes),
            Cells.Select(c => (c.Data.Item1, c.Data.Item2)).Distinct().Order()
        );

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_cell_is_done_when_its_time_has_come(string severity, int minutes, string cell, bool isMitigated)
    {
        var due = Beginning.AddMinutes(minutes);
        await Alert("signaling", severity == "SEV1" ? "critical" : "warning");
        var page = await Telegram.Wait($"{severity} INC-1 · signaling · open");
        if (minutes > 0)
        {
            await Telegram.Press(BotApi.Anna, page.Id, "Ack"); // an ack alone stops nothing
            await Until(() => Entries<Entry.Acknowledged>().Any(), "the ack is recorded");
            if (isMitigated)
                await Responder.Says("/mitigated restarted", 1);
            await PassTo(due);
        }
        await Until(() => Escalated(minutes) is not null && AllIsOut(), "the cell is done", _clock);

        var isSkipped = isMitigated && cell.Contains("if not mitigated", StringComparison.Ordinal);
        var pages = PagesIn(cell);
        Assert.Equal(cell, Escalated(minutes)!.Action);
        Assert.Equal(
            isSkipped ? "skipped: mitigated"
                : pages.Length > 0 ? "paged"
                : "reminded",
            Escalated(minutes)!.Outcome
        );
        var told = (await Telegram.Messages()).Where(m => m.IsBot && m.At >= due).ToList();
        if (minutes == 0)
        {
            Assert.Equal(severity == "SEV1" ? ["anna", "massimo"] : ["anna"], told.SelectMany(Paged));
            Assert.Contains("Ack", page.Buttons);
            return;
        }
        Assert.Equal(isSkipped ? [] : pages, told.SelectMany(Paged));
        Assert.All(RemindersIn(cell), r => Assert.Contains(told, m => m.Plain.Contains(r, StringComparison.Ordinal)));
        Assert.All(told, m => Assert.InRange(m.At, due, due.AddMinutes(1)));
    }

    /// <summary>Those whom the words page, as the on-call table calls them.</summary>
    private static string[] PagesIn(string cell) =>
        PageClause().Match(cell) is { Success: true } page
            ?
            [
                .. page.Groups[1]
                    .Value.Split(" and ")
                    .Select(n =>
                        n switch
                        {
                            "primary" => "anna",
                            "secondary" => "bruno",
                            _ => n.ToLowerInvariant(),
                        }
                    ),
            ]
            : [];

    /// <summary>What else the words ask for; all of them, where they page nobody.</summary>
    private static string[] RemindersIn(string cell) =>
        PageClause().IsMatch(cell) ? [.. cell.Split(", ").Skip(1)] : [cell];

    /// <summary>Whom a message is for; a handle may stand behind the name.</summary>
    private static string[] Paged(BotApi.Shown message) =>
        ForLine().Match(message.Plain) is { Success: true } line
            ? [.. line.Groups[1].Value.ToLowerInvariant().Split(", ").Select(n => n.Split(' ')[0])]
            : [];

    private Entry.Escalated? Escalated(int minutes) =>
        Entries<Entry.Escalated>().SingleOrDefault(e => e.Elapsed == TimeSpan.FromMinutes(minutes));

    private bool AllIsOut() =>
        Log()
            .Where(l => l.Entry is Entry.Paged or Entry.Reminded)
            .All(l => Responder.Desk.Find(1)!.SettledPages.Contains((l.Seq, "telegram")));

    /// <summary>Whoever has the incident says every ten minutes how it goes, so that nothing else falls due.</summary>
    private async Task PassTo(DateTimeOffset time)
    {
        while (_clock.GetUtcNow() < time)
        {
            _clock.Advance(Step);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            if (
                _clock.GetUtcNow() < time
                && (_clock.GetUtcNow() - Beginning).Ticks % TimeSpan.FromMinutes(10).Ticks == 0
            )
                await Responder.Says("/update nothing new", 1);
        }
    }

    private static string Between(string from, string to)
    {
        var start = Document.IndexOf(from, StringComparison.Ordinal);
        return Document[start..Document.IndexOf(to, start, StringComparison.Ordinal)];
    }

    private static int MinutesIn(string elapsed) =>
        int.Parse(Digits().Match(elapsed).Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex("^Page ([^,]+?)(?: if not [a-z]+)?(?:,|$)")]
    private static partial Regex PageClause();

    [GeneratedRegex("^For (.+)$", RegexOptions.Multiline)]
    private static partial Regex ForLine();
}
