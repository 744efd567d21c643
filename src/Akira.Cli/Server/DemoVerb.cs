using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;
using Akira.Responder;

namespace Akira.Cli.Server;

internal sealed class DemoVerb : Verb
{
    public DemoVerb()
        : base(
            "demo",
            "Try it on a made-up voice platform",
            "akira demo",
            "akira demo break signaling",
            "akira demo heal"
        )
    {
        var listen = TextOption("--listen", "URL", "Where it answers; http://127.0.0.1:7400");
        var timeScale = new Option<double>("--time-scale")
        {
            Description = "Its clock runs N times faster than yours",
            HelpName = "N",
            // Half an hour of stability is a minute and a half, and people still have time to type.
            DefaultValueFactory = _ => 20,
        };
        Add(listen);
        Add(timeScale);
        Add(new BreakVerb());
        Add(new HealVerb());
        SetAction(
            (parsed, cancel) =>
            {
                var scale = parsed.GetValue(timeScale);
                Introduce(scale);
                return UpVerb.Start(
                    () =>
                        new ResponderOptions
                        {
                            Demo = true,
                            Data = Folders.Demo,
                            TimeScale = scale,
                            Listen = parsed.GetValue(listen) ?? new ResponderOptions().Listen,
                        },
                    cancel
                );
            }
        );
    }

    private static void Introduce(double scale) =>
        Screen.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                A demo: its calls are synthetic, its clock runs {scale} times faster than yours,
                and all is forgotten at its next start. In a second terminal:

                  akira demo break signaling          calls stop: INC-1 opens, people are paged
                  akira incidents show 1              what was found before you came
                  akira do 1 "ACK anna"               you take it
                  akira demo heal                     service is back
                  akira do 1 "/mitigated restarted"   you say so
                  akira do 1 /run smoke-call          you try a call
                  akira do 1 /gates                   what must hold before it may be closed
                  akira do 1 /resolve                 refused until all of it does
                  akira do 1 /postmortem              written already

                Ctrl-C ends it.

                """
            )
        );
}

internal sealed class BreakVerb : Verb
{
    public BreakVerb()
        : base("break", "Cause a fault in the demo", "akira demo break asr", "akira demo break signaling")
    {
        var fault = new Argument<string>("FAULT")
        {
            Description = "asr (too few answered), pdd (slow to ring), signaling (no calls), cdr (records pile up)",
            HelpName = "FAULT",
        };
        fault.AcceptOnlyFromAmong("asr", "pdd", "signaling", "cdr");
        Add(fault);
        SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client =>
                        client.Post(
                            "/api/demo/break",
                            new JsonObject { ["fault"] = parsed.GetRequiredValue(fault) },
                            cancel
                        ),
                    JsonValueKind.String,
                    answer => Screen.Say($"Broken: {Screen.Clean(answer.Words())}. Watch: akira incidents"),
                    cancel
                )
        );
    }
}

internal sealed class HealVerb : Verb
{
    public HealVerb()
        : base("heal", "Repair whatever is broken in the demo", "akira demo heal") =>
        SetAction(
            (_, cancel) =>
                ResponderClient.Ask(
                    client => client.Post("/api/demo/heal", null, cancel),
                    JsonValueKind.String,
                    answer => Screen.Say(Screen.Clean(answer.Words())),
                    cancel
                )
        );
}
