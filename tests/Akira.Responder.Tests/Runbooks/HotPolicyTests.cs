using Akira.Responder.Log;
using Akira.Responder.Runbooks;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Responder.Tests.Runbooks;

public sealed class HotPolicyTests : IAsyncLifetime
{
    private RunningResponder _responder = null!;

    public async ValueTask InitializeAsync() => _responder = await RunningResponder.Start();

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    private PolicyState State => _responder.App.Services.GetRequiredService<PolicyState>();

    [Fact]
    public async Task An_edit_rules_new_incidents_and_older_ones_only_when_asked()
    {
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("old"));

        await Edit(text => text.Replace("Ack target: 15 minutes", "Ack target: 5 minutes"));
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("new"));

        Assert.Equal(TimeSpan.FromMinutes(15), await AckTarget("INC-1"));
        Assert.Equal(TimeSpan.FromMinutes(5), await AckTarget("INC-2"));
        await _responder.Post("/api/incidents/INC-1/commands", """{"text":"/policy reload"}""");
        Assert.Equal(TimeSpan.FromMinutes(5), await AckTarget("INC-1"));
    }

    [Fact]
    public async Task A_broken_edit_keeps_the_last_good_policy_and_is_shown()
    {
        var good = State.Current.Hash;

        await Edit(text => text.Replace("Ack target: 15 minutes", "Ack target: soon"));

        Assert.True(State.IsBroken);
        Assert.Equal(good, State.Current.Hash);
        Assert.Contains("incident-response.md", (await _responder.Get("/readyz")).ToJsonString());
    }

    [Fact]
    public async Task An_incident_keeps_its_policy_over_a_restart()
    {
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("old"));
        var folder = await _responder.Stop();
        RunningResponder.WritePolicy(
            Path.Combine(folder, "runbooks"),
            RunningResponder.PolicyText.Replace("15 minutes", "5 minutes")
        );

        _responder = await RunningResponder.Start(folder: folder);

        Assert.Equal(TimeSpan.FromMinutes(15), await AckTarget("INC-1"));
    }

    [Fact]
    public async Task Broken_runbooks_keep_a_responder_from_starting()
    {
        var folder = Directory.CreateTempSubdirectory("akira-test-").FullName;
        RunningResponder.WritePolicy(Path.Combine(folder, "runbooks"), "# Nothing");

        var refusal = await Assert.ThrowsAsync<CannotStart>(() => RunningResponder.Start(folder: folder));

        Assert.Equal(1, refusal.ExitCode);
        Assert.Matches(@"incident-response\.md:\d+:\d+: error AKR\d+: ", refusal.Message);
        Directory.Delete(folder, recursive: true);
    }

    private async Task Edit(Func<string, string> change)
    {
        var read = new TaskCompletionSource();
        State.Changed += () => read.TrySetResult();
        RunningResponder.WritePolicy(_responder.Runbooks, change(RunningResponder.PolicyText));
        await read.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private async Task<TimeSpan> AckTarget(string id)
    {
        var incident = await _responder.Get($"/api/incidents/{id}");
        var ack = incident["deadlines"]!.AsArray().Single(d => (string?)d!["kind"] == "ack")!;
        return (DateTimeOffset)ack["dueAt"]! - (DateTimeOffset)incident["detectedAt"]!;
    }
}
