using System.Text;
using Akira.Core.Incidents;
using Akira.Responder.Console.Room;
using Akira.Responder.Incidents;

namespace Akira.Responder.Tests.Steps;

public sealed class SecretTests : IDisposable
{
    private const string Password = "correct-horse-battery";
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly Sshd _host = new();

    /// <summary>The runbook itself does not hold it: the host puts it together, and takes its time over it.</summary>
    private string Runbooks =>
        RunningResponder.PolicyText
        + """

            ```sh { name=local effect=disruptive }
            echo "local $AKIRA_SECRET_DATABASE"
            echo "encoded $(printf 'user:%s' "$AKIRA_SECRET_DATABASE" | base64)"
            ```

            ```sh { name=remote effect=disruptive timeout=20s }
            ssh db-1 '
            printf "remote correct-"; sleep 1.3; echo horse-battery; sleep 1.3; exit 3
            '
            ```
            """;

    [Fact]
    public async Task A_secret_that_a_step_prints_is_nowhere_to_be_seen()
    {
        await using var responder = await RunningResponder.Start(o =>
        {
            RunningResponder.WritePolicy(o.Runbooks, Runbooks);
            File.WriteAllText(
                Path.Combine(o.Runbooks, "platform.md"),
                $"""
                # Platform

                ## Hosts

                | Host | Address | User | Role |
                | --- | --- | --- | --- |
                | db-1 | {_host.Address}:{_host.Port} | {Environment.UserName} | database |
                """
            );
            return o with
            {
                Ssh = _host.Options,
                Secrets = new Dictionary<string, string> { ["Database"] = Password },
            };
        });
        var anna = new Actor("anna", "token:anna", "http");
        await responder.Desk.Say("/ticket \"SEV1 - no database\" severity:critical", null, anna, _cancel);
        var noted = await responder.Desk.Say($"/log the password is {Password}", 1, anna, _cancel);
        var refused = await responder.Desk.Say($"/run {Password}", 1, anna, _cancel);
        foreach (var step in (string[])["local", "remote"])
            await Confirm(responder.Desk, step, anna);
        while (responder.Desk.Find(1)!.Runs.Values.Any(r => r.Verdict is null))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _cancel);

        var log = responder.Desk.Log.Of(1);
        var finished = log.Select(l => l.Entry).OfType<Entry.StepFinished>().ToList();
        var shown = new Dictionary<string, string>
        {
            ["evidence"] = string.Concat(finished.SelectMany(f => f.Parts).Select(p => p.Output)),
            ["live"] = string.Concat(log.Select(l => l.Entry).OfType<Entry.StepOutput>().Select(o => o.Text)),
            ["chat"] = $"{noted.Reply} {refused.Refusal?.Sentence} {string.Join(' ', refused.Refusal!.Details)}",
            ["api"] = await responder.Http.GetStringAsync("/api/incidents/INC-1/log", _cancel),
            ["post-mortem"] = (await responder.Desk.Say("/postmortem", 1, anna, _cancel)).Reply,
            ["console"] = string.Concat(log.Select(l => EntryLine.Of(l, responder.Desk.Find(1)!).Text)),
        };
        var folder = await responder.Stop();
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "data"), "*", SearchOption.AllDirectories))
            shown[file] = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, _cancel));

        Assert.All(
            shown,
            place =>
            {
                Assert.DoesNotContain(Password, place.Value, StringComparison.Ordinal);
                Assert.DoesNotContain("Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5", place.Value, StringComparison.Ordinal);
                Assert.DoesNotContain("b3JyZWN0LWhvcnNlLWJhdHRlcn", place.Value, StringComparison.Ordinal);
            }
        );
        Assert.Contains("local •••\nencoded dXNlcj", shown["evidence"], StringComparison.Ordinal);
        Assert.Contains("remote •••\n", shown["evidence"], StringComparison.Ordinal);
        Assert.Contains("remote ", shown["live"], StringComparison.Ordinal);
        Assert.Contains("password is •••", shown["post-mortem"], StringComparison.Ordinal);
    }

    public void Dispose() => _host.Dispose();

    private async Task Confirm(Desk desk, string step, Actor by)
    {
        var frozen = await desk.Say($"/run {step}", 1, by, _cancel);
        var confirmed = await desk.Say(frozen.Reply[frozen.Reply.LastIndexOf('/')..], 1, by, _cancel);
        Assert.Null(confirmed.Refusal);
    }
}
