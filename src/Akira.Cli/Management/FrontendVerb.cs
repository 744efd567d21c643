using System.Net.Sockets;
using Akira.Cli.CommandLine;
using Akira.Cli.Server;
using Akira.Voice.Frontend;

namespace Akira.Cli.Management;

internal sealed class FrontendVerb : Verb
{
    public FrontendVerb()
        : base(
            "frontend",
            "Run the pages of the management app",
            "akira frontend --backend http://mgmt-1:8080",
            "AKIRA_Frontend__Backend=http://akira-backend:8080 akira frontend"
        )
    {
        var usual = new FrontendOptions();
        var listen = TextOption("--listen", "URL", $"Where the pages are; AKIRA_Frontend__Listen, else {usual.Listen}");
        var backend = TextOption(
            "--backend",
            "URL",
            $"Where the backend answers; AKIRA_Frontend__Backend, else {usual.Backend}"
        );
        Add(listen);
        Add(backend);
        SetAction(
            async (parsed, cancel) =>
            {
                try
                {
                    await Frontend.Run(
                        new FrontendOptions(
                            parsed.GetValue(listen) ?? Folders.Setting("AKIRA_Frontend__Listen") ?? usual.Listen,
                            parsed.GetValue(backend) ?? Folders.Setting("AKIRA_Frontend__Backend") ?? usual.Backend
                        ),
                        Screen.Say,
                        cancel
                    );
                    return Exit.Ok;
                }
                catch (ArgumentException e)
                {
                    Screen.Complain(e.Message);
                    return Exit.Usage;
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    Screen.Complain($"Cannot listen there: {e.Message} Choose another: --listen http://127.0.0.1:8091");
                    return Exit.Usage;
                }
            }
        );
    }
}
