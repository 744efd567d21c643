using Akira.Cli.CommandLine;
using Akira.Voice.CdrWorker;

namespace Akira.Cli.Cdr;

internal sealed class WorkerVerb : Verb
{
    private const ulong MemoryLimit = 112 << 20;

    public WorkerVerb()
        : base(
            "worker",
            "Run: bring call records from the stream to PostgreSQL. Several may run",
            "akira cdr worker --nats nats://nats-1:4222 --database 'Host=db-1,db-2;Database=akira;Username=akira'",
            "akira cdr worker --metrics http://127.0.0.1:9472"
        )
    {
        var settings = new CdrSettings().AddNatsTo(this).AddDatabaseTo(this).AddMetricsTo(this);
        SetAction(
            async (parsed, cancel) =>
            {
                try
                {
                    // The collector would take what the machine has; the worker needs a few batches.
                    AppContext.SetData("GCHeapHardLimit", MemoryLimit);
                    GC.RefreshMemoryLimit();
                    var options = new WorkerOptions(
                        settings.Nats(parsed),
                        settings.Database(parsed),
                        settings.Metrics(parsed)
                    );
                    await new Worker(options, TimeProvider.System, Screen.Complain).Run(cancel);
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
