using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;
using Akira.Core.Drills;

namespace Akira.Cli.Drills;

/// <summary>One rehearsal, from a healthy lab to a healthy lab.</summary>
internal sealed partial class DrillRun
{
    /// <summary>How many times faster the responder's clock runs from the first long wait on.</summary>
    private const double Faster = 60;

    /// <summary>A wait up to this is waited in full.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan UntilWell = TimeSpan.FromSeconds(20);

    /// <summary>Calls a second that the lab has when nobody says otherwise.</summary>
    private const string UsualTraffic = "2";

    private static readonly TimeSpan UntilSure = TimeSpan.FromSeconds(5);

    /// <summary>The longest window of a condition over calls of the shipped runbooks that pages, and some.</summary>
    private static readonly TimeSpan UntilCalm = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeProvider World = TimeProvider.System;

    private readonly LabAtHand _lab;
    private readonly OwnResponder _responder;
    private readonly PageSink _sink;
    private readonly Action<string> _say;
    private readonly long _began = World.GetTimestamp();
    private readonly List<ScoredLine> _lines = [];
    private DateTimeOffset? _faultAt;
    private long _since;
    private string? _incident;
    private string _code = "";
    private bool _isBusy;

    private DrillRun(LabAtHand lab, OwnResponder responder, PageSink sink, Action<string> say) =>
        (_lab, _responder, _sink, _say, _since) = (lab, responder, sink, say, _began);

    /// <summary>Runs it, and heals whatever it broke, also when it failed or was interrupted.</summary>
    public static async Task<Scorecard> Run(
        Drill drill,
        LabAtHand lab,
        string runbooks,
        Action<string> say,
        CancellationToken cancel
    )
    {
        var folder = Directory.CreateTempSubdirectory("akira-drill-").FullName;
        await using var sink = await PageSink.Open();
        await using var responder = new OwnResponder(folder, runbooks, sink.Url, await lab.Variables(cancel));
        var run = new DrillRun(lab, responder, sink, say);
        JsonElement incident = default;
        string? failure = null;
        try
        {
            await responder.Start(scale: 1, cancel);
            say($"{drill.Title}: its responder answers on {responder.Client.Address.Url}");
            failure = await run.Unwell(cancel) ?? await run.Calm(cancel) ?? await run.Follow(drill, cancel);
            incident = await run.Incident(CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            failure = "interrupted";
        }
        catch (InvalidOperationException e)
        {
            failure = e.Message;
        }
        await responder.Stop();
        if (!await lab.Do(CancellationToken.None, "heal"))
            failure ??= "the lab could not be healed: ./akira lab status";
        if (run._isBusy && !await lab.Do(CancellationToken.None, "traffic", UsualTraffic))
            failure ??= "the lab's callers did not come back to their usual pace: ./akira lab traffic 2";
        if (failure is null)
            Directory.Delete(folder, recursive: true);
        return new Scorecard(
            drill.Title,
            run._incident,
            run.Marks(incident),
            responder.Scale,
            Math.Round(World.GetElapsedTime(run._began).TotalSeconds, 1),
            run._lines,
            failure,
            failure is null ? null : folder
        );
    }

    /// <summary>A probe that never had an answer says of no service that it is down: it must have seen each of them well.</summary>
    /// <returns>Null when all answer; else who does not.</returns>
    private async Task<string?> Unwell(CancellationToken cancel)
    {
        for (var began = World.GetTimestamp(); ; await Task.Delay(LookEvery, World, cancel))
        {
            var probes = (await _responder.Client.Get("/api/probes", cancel)).Body;
            if (probes.ValueKind != JsonValueKind.Array)
                return "its responder does not tell what its probes see";
            var silent = probes.EnumerateArray().Where(p => p.Text("state") != "up").ToList();
            if (silent.Count == 0)
                return null;
            if (World.GetElapsedTime(began) > UntilWell)
                return "the lab is not well before the drill begins: "
                    + string.Join("; ", silent.Select(p => $"{p.Text("service")}: {p.Text("said")}"));
        }
    }

    /// <summary>
    /// A responder counts the calls of the last hour, so an earlier fault may still show in them. Until it does not, nothing
    /// is broken: else the drill would find what it did not cause. Then it begins with an empty folder.
    /// </summary>
    /// <returns>Null when no incident is open; else which one does not end.</returns>
    private async Task<string?> Calm(CancellationToken cancel)
    {
        await Task.Delay(UntilSure, World, cancel);
        var said = false;
        for (var began = World.GetTimestamp(); ; await Task.Delay(UntilSure, World, cancel))
        {
            var list = (await _responder.Client.Get("/api/incidents?state=open", cancel)).Body;
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
                return null;
            var open = list.EnumerateArray().Select(i => $"{i.Text("id")} {i.Text("title")}").ToList();
            if (World.GetElapsedTime(began) > UntilCalm)
                return $"before anything was broken there was {string.Join("; ", open)}";
            if (!said)
                _say($"{"", 7}  (an earlier fault still shows: {string.Join("; ", open)}; waiting until it does not)");
            said = true;
            await _responder.Stop();
            await Task.Delay(UntilSure, World, cancel);
            _responder.Forget();
            _sink.Forget();
            await _responder.Start(scale: 1, cancel);
            if (await Unwell(cancel) is { } unwell)
                return unwell;
        }
    }

    /// <returns>Null when every line came true; else which did not, and what was seen.</returns>
    private async Task<string?> Follow(Drill drill, CancellationToken cancel)
    {
        foreach (var line in drill.Lines)
        {
            var began = World.GetTimestamp();
            var (passed, says) = await Do(line.Instruction, cancel);
            var took = Math.Round(World.GetElapsedTime(began).TotalSeconds, 1);
            _lines.Add(new ScoredLine(line.Line, line.Text, passed, took, says));
            var clock = Scorecard.Words(World.GetElapsedTime(_began).TotalSeconds);
            _say($"{clock, 7}  {(passed ? "" : "NOT: ")}{Screen.Clean(line.Text)}");
            if (says.Length > 0)
                _say($"{"", 7}    {Screen.Clean(says)}");
            if (!passed)
                return $"line {line.Line}, {line.Text}: {says}";
        }
        return null;
    }

    private async Task<(bool Passed, string Says)> Do(Instruction instruction, CancellationToken cancel)
    {
        switch (instruction)
        {
            case Instruction.Break fault:
                _faultAt ??= World.GetUtcNow();
                _since = World.GetTimestamp();
                return (await _lab.Do(cancel, "break", fault.Fault), "");
            case Instruction.Traffic traffic:
                _isBusy = true;
                return (await _lab.Do(cancel, "traffic", traffic.ASecond.ToString(CultureInfo.InvariantCulture)), "");
            case Instruction.Deploy deploy:
                var recorded = await _responder.Client.Post(
                    "/api/deploys",
                    new JsonObject { ["version"] = deploy.Version, ["service"] = deploy.Service },
                    cancel
                );
                return (recorded.Failure is null, recorded.Failure?.Sentence ?? "");
            case Instruction.Heal:
                _since = World.GetTimestamp();
                return (await _lab.Do(cancel, "heal"), "");
            case Instruction.Say say:
                _since = World.GetTimestamp();
                return await Say(say, cancel);
            case Instruction.Wait wait:
                await Wait(wait.For, cancel);
                _since = World.GetTimestamp();
                return (true, "");
            case Instruction.Expect expect:
                return await Expect(expect, cancel);
            default:
                throw new UnreachableException();
        }
    }

    private async Task<(bool, string)> Say(Instruction.Say say, CancellationToken cancel)
    {
        var answer = await Tell(say.Text.Replace("CODE", _code, StringComparison.Ordinal), cancel);
        if (answer.Failure is { } refusal)
            return (say.Refusal is not null && answer.Body.Text("code") == say.Refusal, refusal.Sentence);
        _incident ??= answer.Body.Text("incident");
        var reply = answer.Body.Text("reply") ?? "";
        if (Code().Match(reply) is { Success: true } code)
            _code = code.Groups[1].Value;
        return (say.Refusal is null, say.Refusal is null ? "" : $"it was accepted: {reply}");
    }

    private Task<Answer> Tell(string text, CancellationToken cancel) =>
        _responder.Client.Post(
            _incident is { } id ? $"/api/incidents/{id}/commands" : "/api/commands",
            new JsonObject { ["text"] = text },
            cancel
        );

    /// <summary>
    /// A long wait is made short by a responder whose clock runs faster: the same data folder, so it takes up what the
    /// first one left. What was measured before is in real seconds.
    /// </summary>
    private async Task Wait(TimeSpan span, CancellationToken cancel)
    {
        if (span > ShortWait && _responder.Scale == 1)
        {
            await _responder.Stop();
            await _responder.Start(Faster, cancel);
            _say($"{"", 7}  (from here on the responder's clock runs {Scorecard.Words(Faster)} times faster)");
        }
        await Task.Delay(span / _responder.Scale, World, cancel);
    }

    private async Task<(bool, string)> Expect(Instruction.Expect expect, CancellationToken cancel)
    {
        while (true)
        {
            var (seen, says) = await Look(expect.Sight, cancel);
            if (seen || World.GetElapsedTime(_since) > expect.Within)
                return (seen, says);
            await Task.Delay(LookEvery, World, cancel);
        }
    }

    private async Task<(bool Seen, string Says)> Look(Sight sight, CancellationToken cancel)
    {
        if (_incident is null || sight is Sight.IncidentOpen)
            _incident = await Find(sight as Sight.IncidentOpen, cancel) ?? _incident;
        if (_incident is null)
            return (false, "no such incident is open");
        if (sight is Sight.Alone)
            return await Alone(cancel);
        if (sight is Sight.Advice advice)
        {
            var advised = (await Tell("/advice", cancel)).Body.Text("reply") ?? "";
            return (advised.Contains(advice.Says, StringComparison.Ordinal), advised);
        }
        var (seen, says) = Looking.At(sight, await Incident(cancel), _sink.Of(_incident));
        if (!seen || sight is not Sight.Postmortem { Says: { } words })
            return (seen, says);
        var report = (await Tell("/postmortem", cancel)).Body.Text("reply") ?? "";
        return (report.Contains(words, StringComparison.Ordinal), $"{says}: {report}");
    }

    private async Task<(bool, string)> Alone(CancellationToken cancel)
    {
        var open = (await _responder.Client.Get("/api/incidents?state=open", cancel)).Body;
        var others =
            open.ValueKind == JsonValueKind.Array
                ? open.EnumerateArray()
                    .Where(i => i.Text("id") != _incident)
                    .Select(i => $"{i.Text("id")} {i.Text("subsystem")}: {i.Text("title")}")
                    .ToList()
                : ["the list of incidents cannot be read"];
        return (others.Count == 0, others.Count == 0 ? "it is the only one" : string.Join("; ", others));
    }

    /// <summary>The newest that is open; of the subsystem, where one is asked for.</summary>
    private async Task<string?> Find(Sight.IncidentOpen? want, CancellationToken cancel)
    {
        var list = (await _responder.Client.Get("/api/incidents?state=open", cancel)).Body;
        return list.ValueKind != JsonValueKind.Array
            ? null
            : list.EnumerateArray()
                .FirstOrDefault(i =>
                    want is null
                    || string.Equals(i.Text("subsystem"), want.Subsystem, StringComparison.OrdinalIgnoreCase)
                )
                .Text("id");
    }

    private async Task<JsonElement> Incident(CancellationToken cancel) =>
        _incident is { } id ? (await _responder.Client.Get($"/api/incidents/{id}", cancel)).Body : default;

    private List<(string, double?)> Marks(JsonElement incident)
    {
        var evidence = incident.Items("runs").Where(r => r.Text("reason") == "diagnostics").ToList();
        return
        [
            ("detect", After(incident.Time("detectedAt"))),
            ("page", After(_incident is { } id ? _sink.Of(id).FirstOrDefault()?.At : null)),
            ("firstEvidence", After(evidence.Count == 0 ? null : evidence.Min(r => r.Time("finishedAt")))),
            ("evidence", After(evidence.Count == 0 ? null : evidence.Max(r => r.Time("finishedAt")))),
            ("ack", After(incident.Time("acknowledgedAt"))),
            ("mitigate", After(incident.Time("mitigatedAt"))),
            ("resolve", After(incident.Time("resolvedAt"))),
        ];

        double? After(DateTimeOffset? at) =>
            at is { } time && _faultAt is { } fault ? Math.Round((time - fault).TotalSeconds, 2) : null;
    }

    [GeneratedRegex(@"/confirm (\S+)")]
    private static partial Regex Code();
}
