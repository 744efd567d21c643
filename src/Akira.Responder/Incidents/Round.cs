using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.OnCall;
using Akira.Core.Runbooks;
using Akira.Core.Silences;
using Akira.Responder.Alerts;
using Akira.Responder.Deploys;
using Akira.Responder.Log;
using Akira.Responder.Runbooks;

namespace Akira.Responder.Incidents;

/// <summary>
/// A working copy of the board on which the desk decides some requests, one after another. Nobody else sees it before
/// its entries are on the disk; when they cannot be recorded it is dropped.
/// </summary>
/// <param name="secrets">Taken out of every entry before it is one.</param>
/// <param name="leases">Which alerts fire, and where, as recorded: before this round.</param>
/// <param name="recall">Finds an incident that is not on the board: a resolved one.</param>
public sealed class Round(
    Board board,
    long position,
    int lastNumber,
    Deploy? lastDeploy,
    PolicyState policies,
    Secrets secrets,
    Leases leases,
    Func<int, Incident?> recall,
    DateTimeOffset now
)
{
    private static readonly TimeSpan DeployIsRecent = TimeSpan.FromHours(24);

    private readonly Dictionary<string, long> _cursors = new(StringComparer.Ordinal);
    private readonly List<LogEntry> _entries = [];
    private readonly List<Deploy> _deploys = [];
    private readonly List<LoggedSilence> _silences = [];
    private readonly Dictionary<string, int> _fired = new(StringComparer.Ordinal);
    private ImmutableDictionary<int, Incident> _changed = ImmutableDictionary<int, Incident>.Empty;

    public Board Board { get; private set; } = board;
    public DateTimeOffset Now { get; } = now;
    public int LastNumber { get; private set; } = lastNumber;
    public Deploy? LastDeploy { get; private set; } = lastDeploy;
    public Policy Policy => policies.Current;
    public IReadOnlyList<LogEntry> Entries => _entries;

    public Batch Batch => new(_entries, [.. _changed.Values], _cursors, _deploys, _silences);

    /// <summary>An incident as this round has it so far, resolved ones too; null when there is none of that number.</summary>
    public Incident? Find(int number) =>
        _changed.TryGetValue(number, out var changed) ? changed
        : Board.Incidents.TryGetValue(number, out var open) ? open
        : number > 0 && number <= LastNumber ? recall(number)
        : null;

    /// <summary>The incident in which an alert fires as this round has it so far; null when it fires in none.</summary>
    public int? IncidentOf(string fingerprint) =>
        _fired.TryGetValue(fingerprint, out var here) && Fires(here, fingerprint) ? here
        : leases.IncidentOf(fingerprint) is { } recorded && Fires(recorded, fingerprint) ? recorded
        : null;

    /// <summary>
    /// Where an alert belongs: an incident to join (as an effect or not; and whether it fires there already), or null to open one.
    /// </summary>
    public (int Incident, bool Effect, bool Fires)? Route(TriagedAlert alert) =>
        IncidentOf(alert.Alert.Fingerprint) is { } known
            ? (known, Board.Incidents[known].Alerts[alert.Alert.Fingerprint].Effect, true)
        : Board.Route(alert, Policy.Platform) is var (incident, effect) ? (incident, effect, false)
        : null;

    /// <summary>Decides, and takes what was decided into the copy.</summary>
    /// <param name="incident">Null: a new one.</param>
    public Outcome Decide(Incident? incident, Command command, Actor by)
    {
        var policy =
            incident is null || command is Command.MovePolicy ? policies.Current : policies.Of(incident.PolicyHash);
        var decision = IncidentDecisions.Decide(incident, command, by, policy.OnDuty(Now, policies.Covers.All), Now);
        if (decision is not Decision.Accepted { Entries: var facts })
            return new Outcome(decision, incident, []);

        var number = incident?.Number ?? LastNumber + 1;
        var entries = ImmutableArray.CreateBuilder<LogEntry>(facts.Length);
        foreach (var fact in facts.Select(f => f.Redacted(secrets)))
        {
            var entry = new LogEntry(
                position + _entries.Count + 1,
                number,
                (incident?.Version ?? 0) + 1,
                Now,
                by,
                fact
            );
            incident = Incident.Evolve(incident, entry);
            Board = Board.With(incident);
            NoteFiring(incident, fact);
            _entries.Add(entry);
            entries.Add(entry);
        }
        if (incident is not null && !facts.IsEmpty)
            _changed = _changed.SetItem(number, incident);
        if (number > LastNumber && incident is not null)
        {
            LastNumber = number;
            if (LastDeploy is { } deploy && Now - deploy.At < DeployIsRecent)
                incident = Decide(
                    incident,
                    new Command.RecordDeploy(deploy.Version, deploy.Service, deploy.At),
                    Actor.Akira
                ).Incident;
        }
        return new Outcome(decision, incident, entries.ToImmutable());
    }

    /// <summary>Takes a fact of the log of silences into the copy.</summary>
    public void Record(SilenceEntry fact, Actor by)
    {
        var logged = new LoggedSilence(Board.Silencing.Seq + 1, Now, by, fact.Redacted(secrets));
        Board = Board with { Silencing = Silencing.Evolve(Board.Silencing, logged) };
        _silences.Add(logged);
    }

    /// <summary>An alert that was received before: its sender may have prolonged it since.</summary>
    public Alert AsItHolds(Alert alert) => alert with { EndsAt = leases.EndOf(alert.Fingerprint) };

    private bool Fires(int incident, string fingerprint) =>
        Board.Incidents.TryGetValue(incident, out var open) && open.Fires(fingerprint);

    /// <summary>Only what may fire: whether it does, the incident says, also after the round went back to a mark.</summary>
    private void NoteFiring(Incident incident, Entry fact)
    {
        if (fact is Entry.AlertsFired fired)
            foreach (var alert in fired.Alerts)
                _fired[alert.Alert.Fingerprint] = incident.Number;
        else if (fact is Entry.Reopened)
            foreach (var (fingerprint, alert) in incident.Alerts)
                if (alert.EndedAt is null)
                    _fired[fingerprint] = incident.Number;
    }

    /// <summary>A follower has done its work up to here. Recorded together with what this round decides.</summary>
    public void MoveCursor(string follower, long to) => _cursors[follower] = to;

    /// <summary>Keeps a deploy, and tells every open incident of it.</summary>
    public void Record(Deploy deploy, Actor by)
    {
        _deploys.Add(deploy);
        if (LastDeploy is null || LastDeploy.At <= deploy.At)
            LastDeploy = deploy;
        foreach (var incident in Board.Incidents.Values.OrderBy(i => i.Number))
            Decide(incident, new Command.RecordDeploy(deploy.Version, deploy.Service, deploy.At), by);
    }

    /// <summary>Where the round stands, to go back to when a request fails half-way.</summary>
    public Action Mark()
    {
        var (board, changed, entries, deploys) = (Board, _changed, _entries.Count, _deploys.Count);
        var silences = _silences.Count;
        var (number, deploy) = (LastNumber, LastDeploy);
        return () =>
        {
            (Board, _changed, LastNumber, LastDeploy) = (board, changed, number, deploy);
            _entries.RemoveRange(entries, _entries.Count - entries);
            _deploys.RemoveRange(deploys, _deploys.Count - deploys);
            _silences.RemoveRange(silences, _silences.Count - silences);
        };
    }
}

/// <param name="Incident">As it is afterwards; null when there is none.</param>
public sealed record Outcome(Decision Decision, Incident? Incident, ImmutableArray<LogEntry> Entries);
