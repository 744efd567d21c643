using Akira.Cli.Cdr;
using Akira.Cli.CommandLine;
using Akira.Voice.Backend;

namespace Akira.Cli.Management;

/// <summary>The management app's server; see docs/management.md.</summary>
internal sealed class BackendVerb : Verb
{
    public BackendVerb()
        : base(
            "backend",
            "Run the management app's server: customers, trunks, routes, rates, calls, traffic",
            "akira backend --database 'Host=db-1,db-2;Database=akira;Username=akira'",
            "AKIRA_Responder__Url=http://127.0.0.1:7400 akira backend"
        )
    {
        var settings = new CdrSettings().AddDatabaseTo(this);
        var listen = TextOption("--listen", "URL", "Where it answers; http://127.0.0.1:8080");
        var seed = TextOption("--seed", "FILE", "What an empty database begins with, as JSON; AKIRA_Seed");
        Add(listen);
        Add(seed);
        Add(new DispatcherVerb());
        SetAction(
            async (parsed, cancel) =>
            {
                try
                {
                    var set = BackendOptions.Load();
                    var options = set with
                    {
                        Listen = parsed.GetValue(listen) ?? set.Listen,
                        Database = settings.Database(parsed),
                        Seed = parsed.GetValue(seed) ?? set.Seed,
                    };
                    await BackendHost.Run(options, Screen.Say, cancel);
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
