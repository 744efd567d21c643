using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Akira.Core.Chat;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Reading;
using Markdig.Syntax;

namespace Akira.Core.Drills;

/// <param name="Drill">Null when any of the findings is an error.</param>
/// <param name="Findings">Sorted by place.</param>
public sealed record DrillReading(Drill? Drill, ImmutableArray<Finding> Findings);

/// <summary>Reads a drill: the items of its lists, each one sentence. Everything else in the file is for people.</summary>
public sealed partial class DrillReader
{
    private readonly Policy _policy;
    private readonly ImmutableArray<string> _faults;
    private readonly FindingList _findings = new();

    private DrillReader(Policy policy, ImmutableArray<string> faults) => (_policy, _faults) = (policy, faults);

    /// <param name="policy">The runbooks that are rehearsed.</param>
    /// <param name="faults">The names of what can be broken.</param>
    public static DrillReading Read(string path, string text, Policy policy, ImmutableArray<string> faults) =>
        new DrillReader(policy, faults).Read(path, text);

    private DrillReading Read(string path, string text)
    {
        if (MarkdownFile.Read(path, text, _findings) is not { } file)
            return new DrillReading(null, _findings.Sorted);
        var lines = ImmutableArray.CreateBuilder<DrillLine>();
        foreach (var item in file.Document.Descendants<ListItemBlock>())
            if (item.Lead() is { } lead && Read(file, lead) is { } instruction)
                lines.Add(new DrillLine(file.At(lead).Line, lead.Inline.PlainText().Trim(), instruction));
        if (!lines.Any(l => l.Instruction is Instruction.Break) && !_findings.HasErrors)
            _findings.Error(
                new Place(path, 1, 1),
                "AKR901",
                "nothing is broken in this drill",
                "Begin its list with: Break `kamailio-stop`."
            );
        return new DrillReading(
            _findings.HasErrors ? null : new Drill(file.Title, lines.DrainToImmutable()),
            _findings.Sorted
        );
    }

    private Instruction? Read(MarkdownFile file, LeafBlock lead)
    {
        // With its backticks, which tell names from words; a line break is a blank.
        var written = file.Text[lead.Span.Start..Math.Min(lead.Span.End + 1, file.Text.Length)];
        var sentence = Blanks().Replace(written, " ").TrimEnd(' ', '.');
        Place At(Group group) => file.At(lead, group.Value);

        if (Break().Match(sentence) is { Success: true } broken)
            return Fault(broken.Groups[1], At);
        if (Heal().IsMatch(sentence))
            return new Instruction.Heal();
        if (Traffic().Match(sentence) is { Success: true } traffic)
            return new Instruction.Traffic(int.Parse(traffic.Groups[1].Value, CultureInfo.InvariantCulture));
        if (Deploy().Match(sentence) is { Success: true } deploy)
            return Deployed(deploy.Groups[1].Value, deploy.Groups[2], At);
        if (Say().Match(sentence) is { Success: true } said)
            return Speak(said, At);
        if (Wait().Match(sentence) is { Success: true } wait)
            return Duration(wait.Groups[1], At) is { } span ? new Instruction.Wait(span) : null;
        if (Expect().Match(sentence) is { Success: true } expect)
        {
            var sight = See(expect.Groups["what"], At);
            var within = Duration(expect.Groups["within"], At);
            return sight is null || within is null ? null : new Instruction.Expect(sight, within.Value);
        }
        _findings.Error(
            file.At(lead),
            "AKR902",
            $"{FindingList.Quote(sentence)} asks for nothing that a drill can do",
            sentence.StartsWith("Expect", StringComparison.Ordinal)
                ? "Say by when: Expect a page within 10 s"
                : "Begin it with Break, Heal, Let, Record, Say, Wait or Expect; docs/drills.md has the forms"
        );
        return null;
    }

    private Instruction.Break? Fault(Group name, Func<Group, Place> at)
    {
        if (_faults.Contains(name.Value))
            return new Instruction.Break(name.Value);
        _findings.Error(
            at(name),
            "AKR903",
            $"the lab has no fault {FindingList.Quote(name.Value)}",
            $"It has {string.Join(", ", _faults)}"
        );
        return null;
    }

    private Instruction.Deploy? Deployed(string version, Group service, Func<Group, Place> at)
    {
        if (_policy.Platform.Service(service.Value) is { } known)
            return new Instruction.Deploy(version, known.Name);
        _findings.Error(
            at(service),
            "AKR908",
            $"the platform has no service {FindingList.Quote(service.Value)}",
            $"It has {string.Join(", ", _policy.Platform.Services.Select(s => s.Name))}"
        );
        return null;
    }

    private Instruction.Say? Speak(Match said, Func<Group, Place> at)
    {
        var words = said.Groups["words"];
        if (ChatGrammar.Read(words.Value, _policy) is Utterance.Misread misread)
        {
            _findings.Error(at(words), "AKR904", "the chat does not understand this", Fix(misread.Refusal.Sentence));
            return null;
        }
        if (Run().Match(words.Value) is { Success: true } run)
            KnowStep(run.Groups[1].Value, at(words));
        return new Instruction.Say(
            words.Value,
            said.Groups["refusal"] is { Success: true, Value: var code } ? code : null
        );
    }

    private Sight? See(Group what, Func<Group, Place> at)
    {
        if (OpenIncident().Match(what.Value) is { Success: true } incident)
            return new Sight.IncidentOpen(
                Severity.TryParse(incident.Groups[1].Value, out var severity) ? severity : default,
                _policy.SubsystemNamed(incident.Groups[2].Value)
            );
        if (Page().Match(what.Value) is { Success: true } page)
            return new Sight.Page(page.Groups[1] is { Success: true, Value: var to } ? to : null);
        if (AllEvidence().IsMatch(what.Value))
            return new Sight.AllEvidence();
        if (StepEnds().Match(what.Value) is { Success: true } ends)
            return KnowStep(ends.Groups["step"].Value, at(what))
                ? new Sight.Evidence(
                    ends.Groups["step"].Value,
                    ends.Groups["how"].Value switch
                    {
                        "pass" => true,
                        "fail" => false,
                        _ => null,
                    },
                    ends.Groups["shows"] is { Success: true, Value: var shows } ? shows : null
                )
                : null;
        if (Higher().Match(what.Value) is { Success: true } higher)
            return KnowStep(higher.Groups[1].Value, at(what)) ? new Sight.HigherNumber(higher.Groups[1].Value) : null;
        if (State().Match(what.Value) is { Success: true } state)
            return new Sight.State(state.Groups[1].Value);
        if (Alone().IsMatch(what.Value))
            return new Sight.Alone();
        if (PagesAtMost().Match(what.Value) is { Success: true } most)
            return new Sight.PagesAtMost(int.Parse(most.Groups[1].Value, CultureInfo.InvariantCulture));
        if (Advice().Match(what.Value) is { Success: true } advice)
            return new Sight.Advice(advice.Groups[1].Value);
        if (Alert().Match(what.Value) is { Success: true } alert)
            return new Sight.Alert(alert.Groups[1].Value);
        if (GateOpen().Match(what.Value) is { Success: true } open)
            return KnowGate(open.Groups[1].Value, at(what)) is null ? null : new Sight.GateOpen(open.Groups[1].Value);
        if (EveryGate().IsMatch(what.Value))
            return new Sight.GateHolds(null);
        if (OneGate().Match(what.Value) is { Success: true } gate)
            return KnowGate(gate.Groups[1].Value, at(what));
        if (Report().Match(what.Value) is { Success: true } report)
            return new Sight.Postmortem(report.Groups[1] is { Success: true, Value: var says } ? says : null);
        _findings.Error(
            at(what),
            "AKR905",
            $"{FindingList.Quote(what.Value)} is nothing that a drill can see",
            "Expect an incident, a page, evidence, a step's end, a state, a gate or the post-mortem; docs/drills.md has the forms"
        );
        return null;
    }

    private Sight.GateHolds? KnowGate(string name, Place place)
    {
        if (_policy.Gates.Any(g => g.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            return new Sight.GateHolds(name);
        _findings.Error(
            place,
            "AKR906",
            $"the runbooks have no gate {FindingList.Quote(name)}",
            $"They have {string.Join(", ", _policy.Gates.Select(g => g.Name))}"
        );
        return null;
    }

    private bool KnowStep(string name, Place place)
    {
        if (_policy.Step(name) is not null)
            return true;
        _findings.Error(
            place,
            "AKR906",
            $"no runbook has a step {FindingList.Quote(name)}",
            "Write the name that stands behind name= at its fence"
        );
        return false;
    }

    private TimeSpan? Duration(Group words, Func<Group, Place> at)
    {
        if (Durations.TryParse(words.Value, out var span))
            return span;
        _findings.Error(
            at(words),
            "AKR907",
            $"{FindingList.Quote(words.Value)} is no duration",
            $"Write it as {Durations.Example}"
        );
        return null;
    }

    private static string Fix(string sentence) => sentence.TrimEnd('.');

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^Break `([^`]+)`$")]
    private static partial Regex Break();

    [GeneratedRegex(@"^Heal(?: everything)?$")]
    private static partial Regex Heal();

    [GeneratedRegex(@"^Let (\d{1,3}) calls a second come in$")]
    private static partial Regex Traffic();

    [GeneratedRegex(@"^Record the deploy `([^`]+)` of `([^`]+)`$")]
    private static partial Regex Deploy();

    [GeneratedRegex(@"^no other incident$")]
    private static partial Regex Alone();

    [GeneratedRegex(@"^at most (\d{1,3}) pages$")]
    private static partial Regex PagesAtMost();

    [GeneratedRegex(@"^the advice to say `([^`]+)`$")]
    private static partial Regex Advice();

    [GeneratedRegex(@"^the alert `([^`]+)` to join$")]
    private static partial Regex Alert();

    [GeneratedRegex(@"^the gate `([^`]+)` not to hold$")]
    private static partial Regex GateOpen();

    [GeneratedRegex(@"^Say `(?<words>[^`]+)`(?:,? and expect the refusal `(?<refusal>[a-z-]+)`)?$")]
    private static partial Regex Say();

    [GeneratedRegex(@"^/run\s+(\S+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Run();

    [GeneratedRegex(@"^Wait(?: for)? (.+)$")]
    private static partial Regex Wait();

    [GeneratedRegex(@"^Expect (?<what>.+) within (?<within>[^`]+)$")]
    private static partial Regex Expect();

    [GeneratedRegex(@"^an? (SEV\d) incident of (?:the )?([^`]+)$")]
    private static partial Regex OpenIncident();

    [GeneratedRegex(@"^a page(?: to ([^`]+))?$")]
    private static partial Regex Page();

    [GeneratedRegex(@"^the evidence of every diagnostic$")]
    private static partial Regex AllEvidence();

    [GeneratedRegex(@"^`(?<step>[^`]+)` to (?<how>end|pass|fail)(?:,? and(?: to)? show `(?<shows>[^`]+)`)?$")]
    private static partial Regex StepEnds();

    [GeneratedRegex(@"^`([^`]+)` to print a higher number than before$")]
    private static partial Regex Higher();

    [GeneratedRegex(@"^the incident to be (open|acknowledged|mitigated|resolved)$")]
    private static partial Regex State();

    [GeneratedRegex(@"^every gate to hold$")]
    private static partial Regex EveryGate();

    [GeneratedRegex(@"^the gate `([^`]+)` to hold$")]
    private static partial Regex OneGate();

    [GeneratedRegex(@"^the post-mortem(?: to say `([^`]+)`)?$")]
    private static partial Regex Report();
}
