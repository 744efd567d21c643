using System.Globalization;
using static Akira.Core.Incidents.Decision;

namespace Akira.Core.Incidents;

public static partial class IncidentDecisions
{
    /// <summary>Characters that a post-mortem may have.</summary>
    public const int LongestPostmortem = 200_000;

    private static Decision EditPostmortem(Incident incident, Command.EditPostmortem edit)
    {
        if (string.IsNullOrWhiteSpace(edit.Text))
            return Refuse("empty", "A post-mortem without a word is none.");
        if (edit.Text.Length > LongestPostmortem)
            return Refuse(
                "too-long",
                FormattableString.Invariant(
                    $"That is {edit.Text.Length} characters; {LongestPostmortem} is the most a post-mortem may have."
                )
            );
        if (edit.Base != incident.PostmortemVersion)
            return Refuse(
                "postmortem-changed",
                FormattableString.Invariant(
                    $"Somebody wrote version {incident.PostmortemVersion} while you worked on version {edit.Base}. Read it, and bring your words into it."
                )
            );
        return Accept(
            $"Version {(edit.Base + 1).ToString(CultureInfo.InvariantCulture)} of the post-mortem is kept.",
            [new Entry.PostmortemEdited(edit.Text), .. ActionsOf(edit.Text, incident)]
        );
    }

    /// <summary>Lines of the document become tickets; a box that was ticked or a date that was moved changes its ticket.</summary>
    private static IEnumerable<Entry> ActionsOf(string text, Incident incident)
    {
        var last = incident.Actions.Length;
        foreach (
            var line in ActionLines.In(text).Where(l => l.What.Length > 0).DistinctBy(l => (l.Owner, l.What)).ToList()
        )
        {
            var known = incident.Actions.FirstOrDefault(a => a.Owner == line.Owner && a.What == line.What);
            if (known is null)
                yield return new Entry.ActionAdded(++last, line.Owner, line.What, line.Due);
            if (known is null ? line.Done : (known.DoneAt is not null, known.Due) != (line.Done, line.Due))
                yield return new Entry.ActionChanged(known?.Number ?? last, line.Due, line.Done);
        }
    }

    private static Decision CorrectStart(Incident incident, Command.CorrectStart correct)
    {
        var detected = incident.DetectedAt.ToUniversalTime();
        var at =
            correct.At
            ?? new DateTimeOffset(DateOnly.FromDateTime(detected.UtcDateTime), correct.Clock!.Value, TimeSpan.Zero);
        if (correct.At is null && at > detected)
            at = at.AddDays(-1);
        if (at > detected || at < detected - LongestUnnoticed)
            return Refuse(
                "no-such-start",
                FormattableString.Invariant(
                    $"{incident.Id} was detected at {detected:yyyy-MM-dd HH:mm:ss} UTC: it began before that, and not more than {LongestUnnoticed.TotalDays} days before."
                )
            );
        return Accept(
            FormattableString.Invariant(
                $"{incident.Id} began at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {Elapsed.Words(detected - at)} before it was detected."
            ),
            new Entry.StartCorrected(at, correct.Reason)
        );
    }

    private static readonly TimeSpan LongestUnnoticed = TimeSpan.FromDays(30);

    private static Decision AddAction(Incident incident, Command.AddAction add)
    {
        if (incident.Actions.FirstOrDefault(a => a.Owner == add.Owner && a.What == add.What) is { } known)
            return Accept(FormattableString.Invariant($"That is action {known.Number} of {incident.Id} already."));
        var number = incident.Actions.Length + 1;
        return Accept(
            FormattableString.Invariant(
                $"Action {number} of {incident.Id} is with {add.Owner}. /done {number} ends it."
            ),
            new Entry.ActionAdded(number, add.Owner, add.What, add.Due)
        );
    }

    private static Decision FinishAction(Incident incident, Command.FinishAction finish) =>
        incident.Actions.FirstOrDefault(a => a.Number == finish.Number) is not { } action
            ? Refuse(
                "unknown-action",
                FormattableString.Invariant($"{incident.Id} has no action {finish.Number}."),
                [
                    .. incident
                        .Actions.Where(a => a.DoneAt is null)
                        .Select(a => FormattableString.Invariant($"{a.Number}: {a.Owner} - {a.What}")),
                ]
            )
        : action.DoneAt is not null
            ? Accept(FormattableString.Invariant($"Action {action.Number} of {incident.Id} is done already."))
        : Accept(
            FormattableString.Invariant($"Action {action.Number} of {incident.Id} is done: {action.What}."),
            new Entry.ActionChanged(action.Number, action.Due, Done: true)
        );
}
