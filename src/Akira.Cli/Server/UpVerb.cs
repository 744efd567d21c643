using System.CommandLine;
using Akira.Cli.CommandLine;
using Akira.Responder;
using Akira.Responder.Log;

namespace Akira.Cli.Server;

internal sealed class UpVerb : Verb
{
    public UpVerb()
        : base(
            "up",
            "Run the responder with its console",
            "akira up",
            "akira up --data /var/lib/akira --runbooks /etc/akira/runbooks",
            "AKIRA_Webhook__Url=https://chat.example.org/hook akira up"
        )
    {
        var listen = TextOption("--listen", "URL", "Where it answers; http://127.0.0.1:7400");
        var data = TextOption("--data", "DIR", "What it must not forget; ~/.local/share/akira");
        var runbooks = TextOption("--runbooks", "DIR", "What it obeys; ./runbooks, else the clone's");
        var timeScale = new Option<double?>("--time-scale")
        {
            Description = "Its clock runs N times faster: for rehearsals",
            HelpName = "N",
        };
        var config = TextOption("--config", "FILE", "Its settings; akira.json in the data folder");
        Add(listen);
        Add(data);
        Add(runbooks);
        Add(timeScale);
        Add(config);
        SetAction(
            (parsed, cancel) =>
                Start(
                    () =>
                    {
                        var set = ResponderOptions.Load(
                            parsed.GetValue(data) ?? Folders.Setting("AKIRA_Data") ?? Folders.Data,
                            parsed.GetValue(config)
                        );
                        var isSet = set.Runbooks != new ResponderOptions().Runbooks;
                        return set with
                        {
                            Listen = parsed.GetValue(listen) ?? set.Listen,
                            Runbooks = parsed.GetValue(runbooks) ?? (isSet ? set.Runbooks : Folders.Runbooks),
                            TimeScale = parsed.GetValue(timeScale) ?? set.TimeScale,
                        };
                    },
                    cancel
                )
        );
    }

    /// <summary>Runs a responder until Ctrl-C or a signal.</summary>
    public static async Task<int> Start(Func<ResponderOptions> options, CancellationToken cancel)
    {
        try
        {
            return await Responder.Responder.Run(options(), cancel);
        }
        catch (CannotStart e)
        {
            Screen.Complain(e.Message);
            return e.ExitCode;
        }
    }
}
