using System.Text;
using System.Text.Json.Nodes;
using Akira.Core.Voice;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Voice;

public class CallEvidenceTests
{
    private const string Policy = """
        # Incident response

        ## Severity levels

        ### SEV2 - Degraded

        - Definition: calls are worse than they should be.
        - Ack target: 30 minutes.
        - Communication: Telegram immediate.
        - Opens when: `asr < 90% over 5m`

        ## Kickoff

        1. Classify the likely subsystem: signaling, database.

        ## Resolution

        - User-facing symptom is gone.

        ## Postmortem template

        ```markdown
        # Postmortem - <incident_id>
        ## Impact
        - Customers affected: <N>
        - Calls lost: <N>
        - Revenue impact: <amount or unknown>
        ```
        """;

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Noon);

    [Fact]
    public async Task An_alert_about_calls_brings_what_changed_and_the_resolution_what_it_cost()
    {
        await using var responder = await RunningResponder.Start(time: _time, policy: Policy);
        var calls = Enumerable
            .Range(0, 600)
            .Select(i => Call(i, Noon.AddMinutes(-20 - i / 20.0), 200))
            .Concat(Enumerable.Range(600, 200).Select(i => Call(i, Noon.AddSeconds(-i / 4.0), i % 2 == 0 ? 503 : 200)));
        (
            await responder.Post(
                "/api/calls",
                Encoding.UTF8.GetString(CallRecords.Write(calls)),
                "application/x-ndjson"
            )
        ).EnsureSuccessStatusCode();

        var compared = await Logged(responder, "calls-compared");

        var incident = await responder.Get("/api/incidents/INC-1");
        Assert.Equal("SEV2", incident["severity"]!.GetValue<string>());
        Assert.Contains("worst: trunk t0 0 % of 100", incident["title"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(
            "most of it trunk t0 and code 503",
            compared["text"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            compared["lines"]!.AsArray(),
            l => l!.GetValue<string>().StartsWith("bad call", StringComparison.Ordinal)
        );

        await responder.Says("/resolve override: a test", 1);
        var impact = (await Logged(responder, "impact-measured"))["impact"]!;
        Assert.Equal((100, 100), (impact["failedAttempts"]!.GetValue<int>(), impact["lost"]!.GetValue<int>()));

        await Logged(responder, "postmortem-written");
        var postmortem = await File.ReadAllTextAsync(
            Path.Combine(responder.Folder, "data", "postmortems", "INC-1.md"),
            TestContext.Current.CancellationToken
        );
        Assert.Contains("- Customers affected: 1 (acme)\n", postmortem, StringComparison.Ordinal);
        Assert.Contains("- Calls lost: 100 measured, modelled unknown\n", postmortem, StringComparison.Ordinal);
        Assert.Contains("- Revenue impact: unknown\n", postmortem, StringComparison.Ordinal);
        Assert.Contains("## How the impact was measured", postmortem, StringComparison.Ordinal);
    }

    private async Task<JsonNode> Logged(RunningResponder responder, string kind)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            _time.Advance(TimeSpan.FromSeconds(tries < 20 ? 1 : 0));
            if ((await responder.Get("/api/incidents")).AsArray().Count > 0)
                if (
                    (await responder.Get("/api/incidents/INC-1/log"))
                        .AsArray()
                        .FirstOrDefault(e => e!["kind"]!.GetValue<string>() == kind) is
                    { } found
                )
                    return found;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        Assert.Fail($"there is no {kind} in the log");
        return null;
    }

    private static CallRecord Call(int number, DateTimeOffset at, int code) =>
        new()
        {
            Version = 1,
            Type = CallRecordType.Setup,
            CallUid = $"evidence-{number}",
            CallId = $"{number}@host",
            InvitedAt = at.AddSeconds(-1),
            FinalAt = at,
            SipCode = code,
            CodeOrigin = "remote",
            TrunkOut = $"t{number % 2}",
            Customer = "acme",
            Source = $"+39055{number}",
            Destination = "+393331234567",
        };
}
