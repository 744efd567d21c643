using CsCheck;

namespace Akira.Scenarios;

/// <summary>The log is the incident: whatever is done in whatever order, all that is seen follows from it.</summary>
public class LogTests
{
    private static readonly string[] Services = ["kamailio", "postgresql", "backend", "cdr-worker", "certificate"];

    private static readonly string[] Lines =
    [
        "ACK oncall-one",
        "ACK oncall-two",
        "/update still looking at akira-db-02-staging",
        "/log a note",
        "/classify database",
        "/classify Vault",
        "/sev SEV1 worse",
        "/sev SEV3 calmer",
        "/run smoke-call",
        "/run kamailio-restart",
        "/run promote-standby",
        "/confirm 123456",
        "/mitigated restarted it",
        "/tick cdr no gap",
        "/tick symptom gone",
        "/resolve",
        "/resolve override: enough",
        "/reopen it was not over",
        "/handover Massimo",
        "/policy reload",
        "/ticket \"SEV2 - slow calls\" severity:warning",
        "nonsense",
    ];

    private static Gen<Func<Night, Task>> Act { get; } =
        Gen.Frequency(
            (
                3,
                Gen.Select(
                    Gen.OneOf(Services),
                    Gen.OneOf("critical", "warning", "info"),
                    (service, severity) => (Func<Night, Task>)(n => n.Fire($"{service}-{severity}", severity, service))
                )
            ),
            (
                2,
                Gen.Select(
                    Gen.OneOf(Services),
                    Gen.OneOf("critical", "warning", "info"),
                    (service, severity) => (Func<Night, Task>)(n => n.EndIfFiring($"{service}-{severity}"))
                )
            ),
            (
                6,
                Gen.Select(
                    Gen.OneOf(Lines),
                    Gen.OneOf("oncall-one", "oncall-two"),
                    Gen.Int[0, 3],
                    (line, by, about) => (Func<Night, Task>)(n => n.Try(line, by, about))
                )
            ),
            (4, Gen.Int[1, 45].Select(m => (Func<Night, Task>)(n => n.Pass(m)))),
            (1, Gen.Const((Func<Night, Task>)(n => n.Restart()))),
            (1, Gen.Bool.Select(works => (Func<Night, Task>)(n => n.TurnChannel(works))))
        );

    [Fact]
    public Task After_any_night_the_board_is_the_fold_of_the_log_without_gaps_and_every_page_is_out() =>
        Act.Array[1, 10]
            .SampleAsync(
                async acts =>
                {
                    await using var night = await Night.Begin(Runbooks.Quiet);
                    foreach (var act in acts)
                    {
                        await act(night);
                        await night.Settle();
                    }
                    await night.TurnChannel(works: true);
                    await night.Pass(2);
                    night.CheckTheLog();
                },
                iter: 100,
                seed: "0N0XIzNsQ0O2",
                threads: 2
            );
}
