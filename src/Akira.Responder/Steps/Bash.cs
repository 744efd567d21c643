using System.Diagnostics;
using Akira.Core.Incidents;

namespace Akira.Responder.Steps;

/// <summary>
/// The responder's own machine, with a real <c>bash</c>. It gives way to the responder itself (<c>nice</c>): evidence
/// must not delay a page.
/// </summary>
/// <param name="secrets">By name: a script has each as a variable.</param>
public sealed class Bash(IReadOnlyDictionary<string, string> secrets) : IShell
{
    /// <summary>Few: in a storm of incidents the pages come first.</summary>
    private const int AtOnce = 4;

    private readonly SemaphoreSlim _places = new(AtOnce);

    public async Task<Evidence> Run(string script, TimeSpan timeout, CappedOutput output, CancellationToken cancel)
    {
        await _places.WaitAsync(cancel);
        try
        {
            var clock = Stopwatch.StartNew();
            string[] command = ["nice", "-n", "19", "bash", "-c", "exec 2>&1\n" + script];
            var ended = await Child.Run(command, timeout, output, errors: null, cancel, Give);
            var (verdict, remark) = ended switch
            {
                { ExitCode: 0 } => (Verdict.Pass, null),
                // 128 + n is how bash says that a signal ended the command; a process that a signal ended says it so too.
                { ExitCode: not null } => (Verdict.Fail, null),
                { Error: { } error } => (Verdict.Fail, $"bash could not be started: {error}"),
                { TimedOut: true } => (Verdict.Timeout, $"stopped after {Elapsed.Words(timeout)}"),
                _ => (Verdict.Unknown, "stopped with the responder"),
            };
            if (!ended.Gone)
                remark += $"; process {ended.Process} is not known to be gone";
            return output.Evidence(HostNames.Responder, verdict, ended.ExitCode, clock.Elapsed, remark);
        }
        finally
        {
            _places.Release();
        }
    }

    private void Give(ProcessStartInfo start)
    {
        foreach (var (name, value) in secrets)
            start.Environment[$"AKIRA_SECRET_{name.ToUpperInvariant()}"] = value;
    }
}
