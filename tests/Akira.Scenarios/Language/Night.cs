using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Akira.Core.Voice;
using Akira.Responder.Deploys;
using Akira.Responder.Incidents;
using Akira.Responder.Log;

namespace Akira.Scenarios.Language;

/// <summary>
/// The whole responder in this process, on a folder of its own and under a clock that only the scenario moves, with
/// those around it: people, senders of alerts, probes, and a channel that keeps what it was handed.
/// </summary>
internal sealed partial class Night : IAsyncDisposable
{
    /// <summary>Who is on call in the runbooks that ship.</summary>
    public const string Primary = "oncall-one";

    public static readonly DateTimeOffset Beginning = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    /// <summary>Divides every duration that the runbooks name, so that nothing comes due between two steps.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StepOfSamples = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ResendEvery = TimeSpan.FromMinutes(1);

    private readonly NightClock _clock = new(Beginning);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akira-night-");
    private readonly RecordingChannel _channel;
    private readonly Dictionary<string, Alert> _senders = [];
    private readonly Dictionary<string, double?> _samples = [];
    private InProcess? _responder;
    private DateTimeOffset _before = Beginning - Step;

    private Night() => _channel = new RecordingChannel(_clock);

    /// <summary>The number of the incident that people speak of; 0: they do not say.</summary>
    public int About { get; set; } = 1;

    /// <summary>The code that the last frozen step waits for.</summary>
    public string Code { get; private set; } = "";

    public string LastReply { get; private set; } = "";

    private InProcess Server => _responder ?? throw new InvalidOperationException("The responder is down.");

    private DateTimeOffset Now => _clock.GetUtcNow();

    public static async Task<Night> Begin(Runbooks runbooks)
    {
        var night = new Night();
        try
        {
            runbooks.WriteTo(night.RunbookFolder);
            await night.Start();
            return night;
        }
        catch
        {
            await night.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a responder says that can not start on these runbooks.</summary>
    public static async Task<string> RefusedStart(Runbooks runbooks)
    {
        try
        {
            await using var night = await Begin(runbooks);
        }
        catch (CannotStart refusal)
        {
            return refusal.Message;
        }
        throw new Xunit.Sdk.XunitException("It started.");
    }

    /// <summary>Until a time since the beginning: in small steps, each of which is worked off before the next.</summary>
    public async Task PassUntil(TimeSpan time)
    {
        _before = Now;
        while (Now < Beginning + time)
        {
            var step = _samples.Count > 0 ? StepOfSamples : Step;
            await Advance(step < Beginning + time - Now ? step : Beginning + time - Now);
        }
    }

    public Task Fire(string name, string? severity, string? service, string? subsystem = null, string? summary = null)
    {
        var labels = new Dictionary<string, string> { ["alertname"] = name };
        foreach (var (label, value) in new[] { ("severity", severity), ("service", service), ("subsystem", subsystem) })
            if (value is not null)
                labels[label] = value;
        var identity = LabelSet.Of(labels);
        var alert = new Alert(
            Fingerprint.Of(identity),
            identity,
            summary is null ? LabelSet.Empty : LabelSet.Of("summary", summary),
            Now,
            EndsAt: null,
            GeneratorUrl: null
        );
        _senders[name] = alert;
        return Send(alert);
    }

    public Task End(string name)
    {
        _senders.Remove(name, out var alert);
        return Send(alert! with { EndsAt = Now });
    }

    public Task EndIfFiring(string name) => _senders.ContainsKey(name) ? End(name) : Task.CompletedTask;

    public void FallSilent(string name) => _senders.Remove(name);

    public void Measure(string name, double? value) => _samples[name] = value;

    public async Task Say(string text, string by)
    {
        var answer = await Ask(text, by);
        if (answer.Refusal is { } refusal)
            throw Broken($"«{text}» was to be done, but was refused with {refusal.Code}: {refusal.Sentence}");
    }

    /// <summary>A person says something, about the incident of that number (0: none), and it is done or not.</summary>
    public Task Try(string text, string by, int about)
    {
        About = about;
        return Ask(text, by);
    }

    /// <summary>Lets the time pass minute by minute: what comes due between is met a little late.</summary>
    public async Task Pass(int minutes)
    {
        _before = Now;
        for (; minutes > 0; minutes--)
            await Advance(1.Minutes());
    }

    public async Task BeRefused(string text, string by, string code, string[] naming)
    {
        var refusal =
            (await Ask(text, by)).Refusal
            ?? throw Broken($"«{text}» was to be refused with {code}, but was done: {LastReply}");
        var words = string.Join('\n', [refusal.Sentence, .. refusal.Details]);
        if (
            refusal.Code != code
            || naming.FirstOrDefault(n => !words.Contains(n, StringComparison.Ordinal)) is not null
        )
            throw Broken(
                $"«{text}» was to be refused with {code}, naming {string.Join(", ", naming)}; it was with {refusal.Code}: {words}"
            );
    }

    public Task RecordDeploy(string version, string service, TimeSpan ago) =>
        Server.Desk.Record(new Deploy(version, service, Now - ago), ActorOf(Primary), CancellationToken.None);

    /// <summary>Saves them, and waits until the responder, which watches the folder, has noticed.</summary>
    public Task SaveRunbooks(Runbooks runbooks)
    {
        var reading = PolicyReader.Read(runbooks.Files);
        runbooks.WriteTo(RunbookFolder);
        return Until(() =>
            reading.Policy is null
                ? Server.Policies.IsBroken
                    ? null
                    : "the broken runbooks are not noticed"
                : Server.Policies.Current.Hash == reading.Policy.Hash
                    ? null
                    : "the new runbooks are not noticed"
        );
    }

    public Task TurnChannel(bool works)
    {
        _channel.Works = works;
        return Task.CompletedTask;
    }

    public async Task Restart()
    {
        await Stop();
        await Start();
    }

    public async Task BeDownUntil(TimeSpan time)
    {
        await Stop();
        _before = Now;
        _clock.Advance(Beginning + time - Now);
        await Start();
    }

    public void Check(bool holds, string words)
    {
        if (!holds)
            throw Broken($"it was to hold that {words}");
    }

    public void Check(Expectation expected)
    {
        if (!expected.HappenedIn(this, Now - TimeSpan.FromTicks(1), Now))
            throw Broken($"expected {expected.Words}");
    }

    public void CheckNot(Expectation unexpected)
    {
        if (unexpected.HappenedIn(this, _before, Now))
            throw Broken($"did not expect {unexpected.Words} since {At(_before)}");
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _folder.Delete(recursive: true);
    }

    private string RunbookFolder => Path.Combine(_folder.FullName, "runbooks");

    private string DataFolder => Path.Combine(_folder.FullName, "data");

    private async Task Start()
    {
        _channel.ForgetFailures();
        _responder = await InProcess.Start(DataFolder, RunbookFolder, _clock, _channel, Samples);
    }

    private async Task Stop()
    {
        if (_responder is not null)
            await _responder.DisposeAsync();
        _responder = null;
    }

    private async Task Advance(TimeSpan by)
    {
        _clock.Advance(by);
        if (_samples.Count > 0)
            await Server.Look();
        if ((Now - Beginning).Ticks % ResendEvery.Ticks == 0)
            foreach (var alert in _senders.Values)
                await Send(alert);
        await Settle();
    }

    private Task Send(Alert alert) => Server.Desk.Receive([alert], CancellationToken.None);

    private async Task<Answer> Ask(string text, string by)
    {
        var answer = await Server.Desk.Say(
            text,
            About == 0 || text.StartsWith("/ticket") ? null : About,
            ActorOf(by),
            default
        );
        LastReply = answer.Reply;
        const string confirm = "/confirm ";
        if (answer.Refusal is null && answer.Reply.LastIndexOf(confirm, StringComparison.Ordinal) is > 0 and var code)
            Code = answer.Reply[(code + confirm.Length)..].Trim();
        return answer;
    }

    private List<Sample> Samples(Policy policy, DateTimeOffset now)
    {
        // A figure of calls comes with the window that the runbook asks for.
        var windows = Rules.Asked(policy).ToLookup(c => c.Sample, c => c.Over ?? KpiSamples.UsualWindow);
        return
        [
            .. _samples.Select(s =>
                Sample.Of(s.Key, s.Value, now) with
                {
                    Over = KpiSamples.IsKpi(s.Key) ? windows[s.Key].First() : null,
                }
            ),
        ];
    }

    private static Actor ActorOf(string name) => new(name, $"token:{name}", "http");
}
