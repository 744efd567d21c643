using Akira.Cli.CommandLine;

namespace Akira.Cli.Cdr;

/// <summary>The pipeline of call records; see docs/cdr.md.</summary>
internal sealed class CdrVerb : Verb
{
    public CdrVerb()
        : base(
            "cdr",
            "Call records: from the SIP server through NATS to PostgreSQL",
            "akira cdr status",
            "akira cdr dead-letters --since 02:00"
        )
    {
        Add(new RelayVerb());
        Add(new WorkerVerb());
        Add(new StatusVerb());
        Add(new ReplayVerb());
        Add(new DeadLettersVerb());
    }
}
