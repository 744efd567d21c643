using System.Net;
using Akira.Cli.CommandLine;
using Akira.Voice.CdrRelay;

namespace Akira.Cli.Cdr;

internal sealed class RelayVerb : Verb
{
    private const string UsualSpool = "/var/lib/akira-cdr";

    public RelayVerb()
        : base(
            "relay",
            "Run beside the SIP server: take its events, keep them on disk, bring them to the stream",
            "akira cdr relay --nats nats://nats-1:4222",
            "akira cdr relay --listen 127.0.0.1:5070 --spool /var/lib/akira-cdr --metrics http://127.0.0.1:9471"
        )
    {
        var settings = new CdrSettings().AddNatsTo(this);
        var listen = TextOption(
            "--listen",
            "ADDRESS",
            "Where events come in, by UDP; 127.0.0.1:5070, or what systemd hands over"
        );
        var spool = TextOption("--spool", "DIR", $"Where they are kept; {UsualSpool}");
        Add(listen);
        Add(spool);
        settings.AddMetricsTo(this);
        SetAction(
            async (parsed, cancel) =>
            {
                try
                {
                    if (
                        !IPEndPoint.TryParse(
                            parsed.GetValue(listen) ?? RelayOptions.UsualAddress.ToString(),
                            out var at
                        )
                    )
                        throw new ArgumentException("--listen takes an address and a port: 127.0.0.1:5070");
                    var options = new RelayOptions(
                        at,
                        parsed.GetValue(spool) ?? UsualSpool,
                        settings.Nats(parsed),
                        settings.Metrics(parsed)
                    );
                    await new Relay(options, TimeProvider.System, Screen.Complain).Run(cancel);
                    return Exit.Ok;
                }
                catch (Exception e) when (CdrSettings.Explain(e) is { } why)
                {
                    Screen.Complain(why);
                    return e is ArgumentException ? Exit.Usage : Exit.Unavailable;
                }
            }
        );
    }
}
