using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Akira.Core.Chat;
using Akira.Core.Incidents;
using Akira.Core.OnCall;
using Akira.Responder.Log;
using Akira.Responder.Silences;

namespace Akira.Responder.Incidents;

/// <summary>What people say, wherever they say it.</summary>
public sealed partial class Desk
{
    /// <summary>The platform with the roles as they are now.</summary>
    public Core.Runbooks.Platform OnCall => Policy.Platform.OnDuty(Clock.GetUtcNow(), _policies.Covers.All);

    /// <summary>Reads a line of the chat grammar and does what it says.</summary>
    /// <param name="incident">What the line is about, where the channel knows; null: it follows from what is open.</param>
    /// <param name="also">Recorded together with what the line says, when it says that something be done.</param>
    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    public async Task<Answer> Say(string text, int? incident, Actor by, CancellationToken cancel, Reached? also = null)
    {
        text = _secrets.Redact(text);
        var policy =
            incident is { } n && Board.Incidents.TryGetValue(n, out var known) ? PolicyOf(known.PolicyHash) : Policy;
        var answer = ChatGrammar.Read(text, policy) switch
        {
            Utterance.Misread misread => Answer.Refused(incident, misread.Refusal),
            Utterance.Cover cover => CoverFor(cover, by, also),
            Utterance.Uncover over => Uncover(over.Name, also),
            Utterance.Silence silence => await Ask(round => Both(Silence(silence, by, round), round), cancel),
            Utterance.Unsilence over => await Ask(round => Both(Unsilence(over.Number, by, round), round), cancel),
            Utterance.Question question => Reply(question.Topic, incident),
            Utterance.Ticket ticket => await Ask(round => Both(Take(ticket, incident, by, round), round), cancel),
            Utterance.Order order => await Ask(
                round => Both(Obey(order.Command, text, incident, by, round), round),
                cancel
            ),
            _ => throw new UnreachableException(),
        };
        if (answer.Refusal is { } refusal)
            _telemetry.Refused(refusal.Code);
        return answer;

        Answer Both(Answer answer, Round round)
        {
            if (also is { } done)
                round.MoveCursor(done.Follower, done.Position);
            return answer;
        }
    }

    /// <summary>Somebody is primary for a while. On the disk when this returns.</summary>
    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    private Answer CoverFor(Utterance.Cover asked, Actor by, Reached? also)
    {
        if (Policy.Platform.Person(asked.Name) is not { } person)
            return Nobody(asked.Name);
        var now = Clock.GetUtcNow();
        _policies.Covers.Change(
            [new Cover(person.Name, now, now + asked.For, by.Name, Role: asked.Role)],
            [],
            now,
            also
        );
        return Answer.Told(
            null,
            $"{person.Name} is {asked.Role} for {Elapsed.Words(asked.For)}. /oncall shows it, /uncover {person.Name} ends it."
        );
    }

    /// <summary>What one covers now is over; when one covers nothing now, what comes next is.</summary>
    /// <param name="name">Or the number of one cover.</param>
    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    private Answer Uncover(string name, Reached? also)
    {
        var now = Clock.GetUtcNow();
        var isNumber = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var standing = _policies
            .Covers.All.Where(c =>
                c.Until > now && (isNumber ? c.Id == number : c.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            )
            .OrderBy(c => c.From)
            .ToList();
        if (standing is not [var first, ..])
            return Answer.Refused(
                null,
                new Refusal(
                    "no-cover",
                    isNumber
                        ? $"There is no cover {name}, or it is over. The console's page On call has the numbers."
                        : $"{name} covers for nobody. /oncall shows who does.",
                    []
                )
            );
        _policies.Covers.Change([], [.. standing.Where(c => c.From <= now).DefaultIfEmpty(first)], now, also);
        var primary = string.Join(" and ", OnCall.Named(Roster.Primary).Select(p => p.Name));
        return Answer.Told(
            null,
            first.From <= now
                ? $"{first.Name} covers no longer. Primary now: {primary}."
                : $"{first.Name} will not cover from {first.From:yyyy-MM-dd HH:mm} UTC."
        );
    }

    private Answer Nobody(string name) =>
        Answer.Refused(
            null,
            new Refusal(
                "unknown-person",
                $"{name} is not in the on-call table. It has {string.Join(", ", Policy.Platform.OnCall.Select(p => p.Name))}.",
                []
            )
        );

    private static Answer Obey(Command command, string text, int? asked, Actor by, Round round)
    {
        var (incident, refusal) = Target(asked, round.Board, round.Find);
        if (incident is null)
            return Answer.Refused(asked, refusal!);
        if (command is Command.Run run)
            command = run with
            {
                Code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture),
            };
        var said = AnswerOf(round.Decide(incident, command, by));
        if (said.Refusal is null && command is Command.Run && incident.PolicyHash != round.Policy.Hash)
            said = said with
            {
                Reply =
                    "The runbooks have changed; this incident goes by those it began with until /policy reload.\n"
                    + said.Reply,
            };
        // What was refused is part of the story: the post-mortem tells it.
        if (said.Refusal is { } refused && incident.State != IncidentState.Resolved)
            round.Decide(round.Find(incident.Number), new Command.RecordRefusal(text, refused.Code), by);
        return said;
    }

    /// <summary>A ticket about an incident that is open already joins it.</summary>
    private static Answer Take(Utterance.Ticket ticket, int? asked, Actor by, Round round)
    {
        var subsystem = Mentions.SubsystemIn(ticket.Title, round.Policy);
        var incident =
            asked is { } number ? round.Find(number)
            : subsystem == Core.Runbooks.Policy.Unclassified ? null
            : round.Board.Of(subsystem);
        if (incident is null)
        {
            if (asked is { } unknown)
                return Answer.Refused(unknown, NoSuchIncident(unknown));
            var opened = round.Decide(
                null,
                new Command.Open(ticket.Severity, ticket.Title, subsystem, ticket.Reason),
                by
            );
            // What fires there in silence belongs to it from now on.
            Withholding.Review(round);
            return AnswerOf(opened) with { Reply = $"{opened.Incident!.Id}: {AnswerOf(opened).Reply}" };
        }
        var joined = AnswerOf(
            round.Decide(incident, new Command.Note($"ticket: {ticket.Severity} - {ticket.Title}"), by)
        );
        if (joined.Refusal is not null || !ticket.Severity.IsWorseThan(incident.Severity))
            return joined with { Reply = $"Joined {incident.Id}, which is open for {incident.Subsystem}." };
        var raised = AnswerOf(
            round.Decide(round.Find(incident.Number), new Command.ChangeSeverity(ticket.Severity, ticket.Reason), by)
        );
        return raised with
        {
            Reply = $"Joined {incident.Id}. {raised.Reply}",
            Entries = [.. joined.Entries, .. raised.Entries],
        };
    }

    private Answer Reply(Topic topic, int? asked)
    {
        var now = Clock.GetUtcNow();
        switch (topic)
        {
            case Topic.Help:
                return Answer.Told(asked, Answers.Help());
            case Topic.OnCall:
                return Answer.Told(asked, Answers.OnCall(OnCall, _policies.Covers.All, now));
            case Topic.Silences:
                return Answer.Told(asked, Answers.Silences(Board.Silencing, now));
            case Topic.Status when asked is null && Board.Incidents.Count != 1:
                return Answer.Told(null, Answers.Status([.. Board.Incidents.Values], Board.Silencing, now));
        }
        var (incident, refusal) = Target(asked, Board, Find);
        if (incident is null)
            return Answer.Refused(asked, refusal!);
        var policy = PolicyOf(incident.PolicyHash);
        return Answer.Told(
            incident.Number,
            topic switch
            {
                Topic.Advice => Answers.Advice(
                    incident,
                    Mitigation.Of(incident, _log.Of(incident.Number), policy, Facts())
                ),
                Topic.Gates => Answers.Gates(incident, policy, now),
                Topic.Status => Answers.Status(incident, policy, now),
                Topic.Postmortem => Postmortem.Brief(_log.Of(incident.Number), policy, now),
                _ => throw new UnreachableException(),
            }
        );
    }

    /// <summary>The incident meant: the one asked for, else the only unacknowledged one, else the only open one.</summary>
    private static (Incident?, Refusal?) Target(int? asked, Board board, Func<int, Incident?> find)
    {
        if (asked is { } number)
            return find(number) is { } named ? (named, null) : (null, NoSuchIncident(number));
        var open = board.Incidents.Values.OrderBy(i => i.Severity).ThenBy(i => i.Number).ToList();
        if (open.Where(i => i.State == IncidentState.Open).Take(2).ToList() is [var unacknowledged])
            return (unacknowledged, null);
        return open switch
        {
            [var only] => (only, null),
            [] => (
                null,
                new Refusal(
                    "no-open-incident",
                    "No incident is open. Say which one you mean, or open one with /ticket.",
                    []
                )
            ),
            _ => (
                null,
                new Refusal(
                    "which-incident",
                    $"{open.Count} incidents are open: say which one you mean.",
                    [.. open.Take(20).Select(i => $"{i.Id} {i.Severity} {i.Subsystem}: {i.Title}")]
                )
            ),
        };
    }

    private static Answer AnswerOf(Outcome outcome) =>
        outcome.Decision switch
        {
            Decision.Accepted accepted => new Answer(outcome.Incident?.Number, accepted.Reply, outcome.Entries, null),
            Decision.Refused refused => Answer.Refused(outcome.Incident?.Number, refused.Refusal),
            _ => throw new UnreachableException(),
        };

    private static Refusal NoSuchIncident(int number) =>
        new("no-incident", $"There is no {Incident.IdOf(number)}. /status lists the open ones.", []);
}
