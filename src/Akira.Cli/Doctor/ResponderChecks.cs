using System.Net;
using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;
using Akira.Core.Incidents;

namespace Akira.Cli.Doctor;

/// <summary>What a responder can be asked.</summary>
internal static class ResponderChecks
{
    private static readonly TimeSpan TolerableSkew = TimeSpan.FromSeconds(2);

    /// <summary>How old a Date header may be that has just come: it counts whole seconds, and servers look at the clock once a second.</summary>
    private static readonly TimeSpan DateAge = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<Symptom>> Run(TimeProvider time, CancellationToken cancel)
    {
        var (address, error) = Address.Find();
        if (address is null)
            return [Symptom.Wrong("responder", error!, "Correct AKIRA_URL")];
        using var client = new ResponderClient(address);
        var asked = time.GetUtcNow();
        var health = await client.Get("/readyz", cancel);
        var answered = time.GetUtcNow();
        if (health.Failure is { ExitCode: Exit.Unavailable })
            return
            [
                Symptom.Wrong(
                    "responder",
                    $"no responder answers at {address.Url}",
                    "Start one with akira up, or set AKIRA_URL to where it is"
                ),
            ];
        return
        [
            health.Failure is { } ill
                ? Symptom.Wrong(
                    "responder",
                    $"{address.Url} says: {ill.Sentence.TrimEnd('.')}",
                    "Look at its own output"
                )
            : health.Body.Text("status") is { } status and not "ok"
                ? Symptom.Wrong(
                    "responder",
                    $"{address.Url} says: {status}",
                    "akira check says where the runbooks are broken"
                )
            : Symptom.Ok("responder", $"{address.Url} answers, and can record"),
            Clock(health, asked, answered),
            await Token(client, cancel),
            .. await Probes(client, time.GetUtcNow(), cancel),
        ];
    }

    private static Symptom Clock(Answer health, DateTimeOffset asked, DateTimeOffset answered)
    {
        if (health.Date is not { } theirs)
            return Symptom.Note(
                "clock",
                "the responder does not say what time it has",
                "A proxy may drop its Date header"
            );
        var skew = new[] { theirs - answered, asked - (theirs + DateAge), TimeSpan.Zero }.Max();
        return skew <= TolerableSkew
            ? Symptom.Ok("clock", "this machine and the responder agree on the time")
            : Symptom.Wrong(
                "clock",
                $"this machine and the responder are {Elapsed.Words(skew)} apart",
                "Set both by NTP: timedatectl set-ntp true"
            );
    }

    /// <summary>A line for each probe that sees something wrong, and one for those that do not. The token's own line says why there may be none.</summary>
    private static async Task<IReadOnlyList<Symptom>> Probes(
        ResponderClient client,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var answer = await client.Get("/api/probes", cancel);
        if (answer.Failure is not null)
            return [];
        if (answer.Body.ValueKind != JsonValueKind.Array)
            return
            [
                Symptom.Wrong(
                    "probes",
                    $"what {client.Address.Url} says of its probes is not a responder's",
                    "See that AKIRA_URL leads to one"
                ),
            ];
        var probes = answer.Body.EnumerateArray().ToList();
        if (probes.Count == 0)
            return
            [
                Symptom.Note(
                    "probes",
                    "the responder probes no service",
                    "Give services an address under Probe in the responder's platform.md"
                ),
            ];
        var well = probes.Count(p => p.Text("state") == "up");
        var found = new List<Symptom>();
        if (well > 0)
            found.Add(Symptom.Ok("probes", $"{well} of {probes.Count} probes get the answer they should"));
        foreach (var probe in probes.Where(p => p.Text("state") != "up"))
        {
            var since = probe.Time("since") is { } at && at < now ? $" for {Elapsed.Words(now - at)}" : "";
            var what =
                $"{probe.Text("service")} ({probe.Text("probe")}) {(probe.Text("state") == "down" ? "has failed" : "does not answer")}{since}: {(probe.Text("said") ?? "not looked at yet").TrimEnd('.')}";
            found.Add(
                probe.Text("state") == "down"
                    ? Symptom.Wrong(
                        "probe",
                        what,
                        "Mend the service, let the responder's machine reach it, or correct the address in platform.md"
                    )
                    : Symptom.Note(
                        "probe",
                        what,
                        "See that its address in platform.md is right, and reached from the responder's machine"
                    )
            );
        }
        return found;
    }

    private static async Task<Symptom> Token(ResponderClient client, CancellationToken cancel)
    {
        var reading = await client.Get("/api/incidents?limit=1", cancel);
        if (reading.Failure is { } failure)
            return Symptom.Wrong(
                "token",
                failure.Sentence.TrimEnd('.'),
                "An administrator makes tokens: POST /api/tokens"
            );
        var from = client.Address.Source;
        if ((await client.Get("/api/tokens", cancel)).Failure is null)
            return Symptom.Ok("token", $"yours is an administrator's (from {from})");
        // A command without a text does nothing; that it may be sent at all shows the role.
        var acting = await client.Post("/api/commands", [], cancel);
        return acting.Status == HttpStatusCode.Forbidden
            ? Symptom.Note(
                "token",
                $"yours is a viewer's (from {from}): it may not act",
                "Ask for a responder's token to act"
            )
            : Symptom.Ok("token", $"yours is a responder's (from {from})");
    }
}
