using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Akira.Core.Runbooks;
using static Akira.Core.Incidents.Decision;

namespace Akira.Core.Incidents;

public static partial class IncidentDecisions
{
    /// <summary>For how long a host counts as named in the incident channel.</summary>
    public static readonly TimeSpan NamingHolds = TimeSpan.FromMinutes(30);

    /// <summary>For how long a frozen step waits for its code.</summary>
    public static readonly TimeSpan CodeHolds = TimeSpan.FromMinutes(5);

    /// <summary>The read-only steps that belong to this incident and were not asked for yet.</summary>
    private static Decision Diagnose(Incident incident, Policy policy)
    {
        var asked = incident.Runs.Values.Select(r => r.Step).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var steps = Diagnostics
            .For(incident, policy)
            .SelectMany(s => s.Steps)
            .Where(s => s.Effect == Effect.Read && !s.IsRecovery && !HostNames.OfStep(s).IsEmpty && asked.Add(s.Name));
        return Accept("", Requested(incident, steps, StepReason.Diagnostics));
    }

    private static Decision Run(Incident incident, Command.Run run, Actor by, Policy policy, DateTimeOffset now)
    {
        var steps = policy.Step(run.Target) is { } one ? [one] : Diagnostics.SectionSteps(run.Target, policy);
        if (steps.IsEmpty)
            return Refuse(
                "unknown-step",
                $"No runbook has a step or a section «{run.Target}» with commands in it.",
                [.. policy.Steps.Select(s => s.Name).Where(n => Similar(n, run.Target)).Take(8)]
            );
        if (steps.FirstOrDefault(s => HostNames.OfStep(s).IsEmpty) is { } aimless)
            return Refuse(
                "no-host",
                $"{aimless.Name} has no command, so it has no host to run at. No host never means all of them."
            );
        if (steps.All(s => s.Effect == Effect.Read))
        {
            var names = string.Join(", ", steps.Select(s => s.Name));
            return Accept($"Running {names}.", Requested(incident, steps, StepReason.Asked));
        }
        return steps is [var step]
            ? Freeze(incident, step, run.Code, by, policy, now)
            : Refuse(
                "name-a-step",
                $"«{run.Target}» has steps that change the platform: they are run one at a time, by name.",
                [.. steps.Select(s => $"{s.Name} ({Word(s.Effect)})")]
            );
    }

    private static Decision Freeze(
        Incident incident,
        Step step,
        string code,
        Actor by,
        Policy policy,
        DateTimeOffset now
    )
    {
        if (Guard(incident, step, by, policy, now) is { } refusal)
            return refusal;
        var hosts = HostNames.OfStep(step);
        var frozen = new Entry.StepFrozen(
            step.Name,
            Word(step.Effect),
            step.Script,
            hosts,
            CodeHash(code, step, by, policy),
            now + CodeHolds
        );
        var who = policy.ConfirmerMustDiffer ? "Somebody else confirms" : "Confirm";
        return Accept(
            $"{step.Name} is {Word(step.Effect)} and waits, on {string.Join(", ", hosts)}:\n{step.Script}\n"
                + $"{who} within {Elapsed.Words(CodeHolds)}: /confirm {code}",
            frozen
        );
    }

    private static Decision Confirm(
        Incident incident,
        Command.Confirm confirm,
        Actor by,
        Policy policy,
        DateTimeOffset now
    )
    {
        if (incident.Frozen is not { Step: var frozen, By: var asker })
            return Refuse("nothing-to-confirm", "No step waits for a code. /run <step> first.");
        if (now >= frozen.ExpiresAt)
            return Refuse(
                "code-expired",
                $"The code for {frozen.Step} has expired. /run {frozen.Step} makes a new one."
            );
        if (!by.IsIdentifiedPerson)
            return Refuse("not-identified", "Only a person whom the channel identifies may confirm.");
        if (policy.ConfirmerMustDiffer && !IsAnother(by, asker, policy))
            return Refuse(
                "second-person",
                $"The runbook asks that somebody else confirms what {asker.Name} asked for: somebody of the on-call table."
            );
        if (!policy.ConfirmerMustDiffer && by.Id != asker.Id)
            return Refuse("not-yours", $"The code was given to {asker.Name}. /run {frozen.Step} makes one for you.");
        if (
            policy.Step(frozen.Step) is not { } step
            || step.Script != frozen.Script
            || !HostNames.OfStep(step).SequenceEqual(frozen.Hosts)
        )
            return Refuse(
                "step-changed",
                $"{frozen.Step} has changed since it was shown. /run {frozen.Step} shows it anew."
            );
        if (frozen.CodeHash != CodeHash(confirm.Code.Trim(), step, asker, policy))
            return Refuse("wrong-code", $"That is not the code for {frozen.Step} and its hosts as they are now.");
        if (Guard(incident, step, asker, policy, now) is { } refusal)
            return refusal;
        return Accept($"Running {step.Name}.", Requested(incident, [step], StepReason.Confirmed));
    }

    /// <summary>The same person may hold a token and a number in Telegram, so the two are told apart by name.</summary>
    private static bool IsAnother(Actor confirmer, Actor asker, Policy policy) =>
        confirmer.Id != asker.Id
        && !confirmer.Name.Equals(asker.Name, StringComparison.OrdinalIgnoreCase)
        && policy.Platform.Person(confirmer.Name) is not null;

    /// <summary>What must hold before a step that is not read-only, both when it is asked for and when it is confirmed.</summary>
    private static Decision? Guard(Incident incident, Step step, Actor by, Policy policy, DateTimeOffset now)
    {
        if (!by.IsIdentifiedPerson)
            return Refuse(
                "not-identified",
                "Only a person whom the channel identifies may run what changes the platform."
            );
        if (step.Effect == Effect.Destructive)
        {
            var named = NamedFor(incident, by, policy, now);
            var unnamed = HostNames.AimedAt(step, policy.Platform).Where(h => !named.Contains(h)).ToImmutableArray();
            if (!unnamed.IsEmpty)
                return Refuse(
                    "host-not-named",
                    $"{step.Name} is destructive: name its target in this incident first, for example: "
                        + $"/log about to run {step.Name} on {string.Join(" and ", unnamed)}",
                    unnamed
                );
        }
        return IsReplay(step) && !IdempotencyChecked(incident, step)
            ? Refuse(
                "idempotency-unchecked",
                $"{step.Name} replays CDRs: first run the idempotency check for the same consumer and time window."
            )
            : null;
    }

    /// <summary>The hosts named lately by people on call, or by the one who asks: not by a program that has a token.</summary>
    private static HashSet<string> NamedFor(Incident incident, Actor by, Policy policy, DateTimeOffset now) =>
        [
            .. incident
                .NamedHosts.Where(n =>
                    now - n.Value <= NamingHolds
                    && (n.Key.By == by.Name || policy.Platform.Person(n.Key.By) is not null)
                )
                .Select(n => n.Key.Host),
        ];

    /// <summary>The check writes the same records and takes them back, so it may be the same program's.</summary>
    private static bool IsReplay(Step step) => Replay().IsMatch(step.Script) && !IsIdempotencyCheck(step.Name);

    private static bool IsIdempotencyCheck(string step) =>
        step.Contains("idempotency", StringComparison.OrdinalIgnoreCase);

    /// <summary>A check counts when it passed in this incident and names every option value of the replay.</summary>
    private static bool IdempotencyChecked(Incident incident, Step replay)
    {
        var window = OptionValue().Matches(replay.Script).Select(m => m.Groups[1].Value).ToList();
        return incident.Runs.Values.Any(r =>
            r.Verdict == Verdict.Pass
            && IsIdempotencyCheck(r.Step)
            && window.All(v => r.Script.Contains(v, StringComparison.Ordinal))
        );
    }

    /// <summary>What comes after the end stands in the evidence already.</summary>
    private static Decision ReportOutput(Incident incident, Command.ReportOutput output) =>
        incident.Runs.TryGetValue(output.Number, out var run) && run.Verdict is null
            ? Accept("", new Entry.StepOutput(run.Run, output.Host, output.Text))
            : Accept("");

    private static Decision FinishStep(Incident incident, Command.FinishStep finish)
    {
        if (!incident.Runs.TryGetValue(finish.Number, out var run) || run.Verdict is not null)
            return Accept("");
        var verdict = finish.Parts.Select(p => p.Verdict).OrderByDescending(Badness).FirstOrDefault();
        return Accept("", new Entry.StepFinished(run.Run, run.Step, verdict, finish.Parts));
    }

    private static int Badness(Verdict verdict) =>
        verdict switch
        {
            Verdict.Pass => 0,
            Verdict.Unknown => 1,
            Verdict.Lost => 2,
            Verdict.Timeout => 3,
            _ => 4,
        };

    private static ImmutableArray<Entry> Requested(Incident incident, IEnumerable<Step> steps, string reason)
    {
        var last = incident.Runs.IsEmpty ? 0 : incident.Runs.Keys.Max();
        return
        [
            .. steps.Select(
                (s, i) =>
                    new Entry.StepRequested(
                        last + 1 + i,
                        s.Name,
                        Word(s.Effect),
                        s.Script,
                        HostNames.OfStep(s),
                        s.Timeout,
                        reason
                    )
            ),
        ];
    }

    /// <summary>
    /// Bound to text, hosts and person: none of them can change between the freeze and the confirmation, nor can where
    /// a host's name leads.
    /// </summary>
    private static string CodeHash(string code, Step step, Actor by, Policy policy)
    {
        var places = step.Parts.Select(p => $"{p.Host} {p.User} {(p.Host is { } h ? policy.Platform.Host(h) : null)}");
        return Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [code, step.Script, by.Id ?? "", .. places])))
        );
    }

    private static bool Similar(string name, string words) =>
        words.Split('-', ' ', '#', '.').Any(w => w.Length > 2 && name.Contains(w, StringComparison.OrdinalIgnoreCase));

    private static string Word(Effect effect) => effect.ToString().ToLowerInvariant();

    [GeneratedRegex(@"\breplay\b", RegexOptions.IgnoreCase)]
    private static partial Regex Replay();

    [GeneratedRegex(@"--[a-z-]+[= ]([^\s']+)")]
    private static partial Regex OptionValue();
}
