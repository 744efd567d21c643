using System.Runtime.CompilerServices;

namespace Akira.Scenarios.Language;

/// <summary>
/// One night of on-call, told in the order of its times. Nothing happens before <see cref="Run"/>; then each line is
/// carried out, and time moves on only when the responder has nothing left to do.
/// </summary>
internal sealed class Scenario
{
    private readonly Runbooks _runbooks;
    private readonly List<Func<Night, Task>> _lines = [];

    private Scenario(Runbooks runbooks) => _runbooks = runbooks;

    public static Scenario With(Runbooks runbooks) => new(runbooks);

    /// <summary>Lets the time pass until so long after the beginning.</summary>
    public Scenario At(TimeSpan time) => Line(n => n.PassUntil(time));

    /// <summary>An alert fires, and its sender repeats it each minute, as Prometheus does.</summary>
    public Scenario Alert(
        string name,
        string? severity = "critical",
        string? service = null,
        string? subsystem = null,
        string? summary = null
    ) => Line(n => n.Fire(name, severity, service, subsystem, summary));

    /// <summary>The sender says that the alert has ended.</summary>
    public Scenario AlertEnds(string name) => Line(n => n.End(name));

    /// <summary>The sender no longer repeats the alert, and does not say why.</summary>
    public Scenario SenderFallsSilent(string name) => Line(n => n.FallSilent(name));

    /// <summary>From now on each second's sample of this name has this value.</summary>
    public Scenario Sample(string name, double? value) => Line(n => n.Measure(name, value));

    /// <summary>A person says something in the chat grammar, and it is done.</summary>
    public Scenario Says(string text, string by = Night.Primary) => Line(n => n.Say(text, by));

    /// <summary>A person reads the code that the last frozen step waits for, and types it.</summary>
    public Scenario Confirms(string by = Night.Primary) => Line(n => n.Say($"/confirm {n.Code}", by));

    /// <summary>A person says something, and it is refused: with this code, and naming each of these words.</summary>
    public Scenario Refused(string text, string code, params string[] naming) =>
        RefusedTo(Night.Primary, text, code, naming);

    /// <summary>A person types the code of the last frozen step, and is refused.</summary>
    public Scenario RefusedConfirmation(string code, params string[] naming) =>
        Line(n => n.BeRefused($"/confirm {n.Code}", Night.Primary, code, naming));

    public Scenario RefusedTo(string by, string text, string code, params string[] naming) =>
        Line(n => n.BeRefused(text, by, code, naming));

    /// <summary>Somebody tells the responder of a deploy.</summary>
    public Scenario Deploy(string version, string service, TimeSpan ago = default) =>
        Line(n => n.RecordDeploy(version, service, ago));

    /// <summary>Somebody saves the runbooks so, and the responder looks at them.</summary>
    public Scenario EditRunbooks(Func<Runbooks, Runbooks> edit) => Line(n => n.SaveRunbooks(edit(_runbooks)));

    /// <summary>The responder is taken down and a new one started on the same folder.</summary>
    public Scenario Restart() => Line(n => n.Restart());

    /// <summary>The responder is down until so long after the beginning.</summary>
    public Scenario DownUntil(TimeSpan time) => Line(n => n.BeDownUntil(time));

    /// <summary>The channel cannot be reached from here on, or can again.</summary>
    public Scenario Channel(bool works) => Line(n => n.TurnChannel(works));

    /// <summary>The lines that follow are about this incident.</summary>
    public Scenario About(int incident) => Line(n => n.About = incident);

    /// <summary>It happened at this very time.</summary>
    public Scenario Expect(Expectation expected) => Line(n => n.Check(expected));

    /// <summary>It has not happened since the time before this one.</summary>
    public Scenario ExpectNo(Expectation unexpected) => Line(n => n.CheckNot(unexpected));

    /// <summary>The incident is so now.</summary>
    public Scenario Expect(Func<Incident, bool> holds, [CallerArgumentExpression(nameof(holds))] string words = "") =>
        Line(n => n.Check(holds(n.Incident), words));

    /// <summary>Anything else about this moment.</summary>
    public Scenario ExpectThat(Func<Night, bool> holds, [CallerArgumentExpression(nameof(holds))] string words = "") =>
        Line(n => n.Check(holds(n), words));

    public async Task Run()
    {
        await using var night = await Night.Begin(_runbooks);
        foreach (var line in _lines)
        {
            await line(night);
            await night.Settle();
        }
    }

    private Scenario Line(Func<Night, Task> line)
    {
        _lines.Add(line);
        return this;
    }

    private Scenario Line(Action<Night> line) =>
        Line(night =>
        {
            line(night);
            return Task.CompletedTask;
        });
}
