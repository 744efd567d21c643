using Akira.Cli.CommandLine;
using Akira.Voice.Dispatcher;

namespace Akira.Cli.Management;

internal sealed class DispatcherVerb : Verb
{
    public DispatcherVerb()
        : base(
            "dispatcher",
            "Run beside Kamailio: keep its trunks and routes as the backend has them",
            "akira backend dispatcher --backend http://mgmt-1:8080"
        )
    {
        var backend = TextOption(
            "--backend",
            "URL",
            "Where the backend answers; AKIRA_Backend__Url, else http://127.0.0.1:8080"
        );
        var list = TextOption("--list", "FILE", "Kamailio's dispatcher list; /etc/kamailio/dispatcher.list");
        var prefixes = TextOption("--prefixes", "FILE", "Its table of prefixes; /etc/kamailio/dbtext/routes");
        var rpc = TextOption("--rpc", "SOCKET", "Its datagram socket; /run/kamailio/kamailio_rpc.sock");
        Add(backend);
        Add(list);
        Add(prefixes);
        Add(rpc);
        SetAction(
            async (parsed, cancel) =>
            {
                var url =
                    parsed.GetValue(backend)
                    ?? Environment.GetEnvironmentVariable("AKIRA_Backend__Url")
                    ?? "http://127.0.0.1:8080";
                if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address))
                {
                    Screen.Complain("--backend takes an address: http://mgmt-1:8080");
                    return Exit.Usage;
                }
                var options = new DispatcherOptions(
                    address,
                    Environment.GetEnvironmentVariable("AKIRA_TOKEN"),
                    parsed.GetValue(list) ?? "/etc/kamailio/dispatcher.list",
                    parsed.GetValue(prefixes) ?? "/etc/kamailio/dbtext/routes",
                    parsed.GetValue(rpc) ?? "/run/kamailio/kamailio_rpc.sock"
                );
                await new DispatcherWatch(options, TimeProvider.System, Screen.Complain).Run(cancel);
                return Exit.Ok;
            }
        );
    }
}
