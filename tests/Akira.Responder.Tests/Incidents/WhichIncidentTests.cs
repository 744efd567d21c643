using Akira.Core.Incidents;

namespace Akira.Responder.Tests.Incidents;

/// <summary>What a line that names no incident is about.</summary>
public sealed class WhichIncidentTests : IAsyncLifetime
{
    private const string Policy =
        RunningResponder.PolicyText
        + """


            ## Kickoff Procedure

            1. Classify the likely subsystem: signaling, database, or Vault.
            """;

    private RunningResponder _responder = null!;

    public async ValueTask InitializeAsync() => _responder = await RunningResponder.Start(policy: Policy);

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    [Fact]
    public async Task With_nothing_open_the_way_to_open_one_is_shown()
    {
        var answer = await _responder.Says("ACK anna");

        Assert.Equal("no-open-incident", answer.Refusal?.Code);
        Assert.Contains("/ticket", answer.Refusal?.Sentence);
    }

    [Fact]
    public async Task The_only_one_that_nobody_acknowledged_is_meant()
    {
        await Open("database", "signaling");
        await _responder.Says("ACK bruno", incident: 1);

        var answer = await _responder.Says("ACK anna");

        Assert.Equal(2, answer.Incident);
        Assert.Equal("anna", _responder.Desk.Find(2)?.AcknowledgedBy);
    }

    [Fact]
    public async Task Between_two_the_person_is_asked_and_the_worse_stands_first()
    {
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("database").Replace("critical", "warning"));
        await Open("signaling");

        var answer = await _responder.Says("ACK anna");

        Assert.Equal("which-incident", answer.Refusal?.Code);
        Assert.Equal(2, answer.Refusal?.Details.Length);
        Assert.StartsWith("INC-2 SEV1 signaling", answer.Refusal?.Details[0]);
        Assert.All([1, 2], n => Assert.Null(_responder.Desk.Find(n)?.AcknowledgedBy));
    }

    [Fact]
    public async Task An_incident_that_does_not_exist_is_said_so()
    {
        Assert.Equal("no-incident", (await _responder.Says("ACK anna", incident: 9)).Refusal?.Code);
    }

    [Fact]
    public async Task A_ticket_about_what_is_open_already_joins_it()
    {
        await Open("database");

        var answer = await _responder.Says("/ticket \"SEV2 - database is slow\"");

        Assert.Equal(1, answer.Incident);
        Assert.Contains("Joined INC-1", answer.Reply);
        Assert.Null(_responder.Desk.Find(2));
        Assert.Contains(
            _responder.Desk.Log.Of(1),
            e => e.Entry is Entry.Noted { Text: "ticket: SEV2 - database is slow" }
        );
    }

    [Fact]
    public async Task A_ticket_that_is_worse_raises_what_it_joins()
    {
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("database").Replace("critical", "warning"));

        var answer = await _responder.Says("/ticket \"SEV1 - database is down\" severity:critical");

        Assert.Equal(1, answer.Incident);
        Assert.Equal("SEV1", _responder.Desk.Find(1)?.Severity.ToString());
    }

    private async Task Open(params string[] subsystems)
    {
        foreach (var subsystem in subsystems)
            await _responder.Post("/api/v2/alerts", RunningResponder.Alert(subsystem));
    }
}
