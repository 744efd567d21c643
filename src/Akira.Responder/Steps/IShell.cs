using Akira.Core.Incidents;

namespace Akira.Responder.Steps;

/// <summary>Where a script runs: this machine, or a host of the platform.</summary>
public interface IShell
{
    /// <summary>
    /// Runs a script with bash, standard input empty, standard output and error in one stream as a terminal would show
    /// them. Total: what goes wrong is in the evidence.
    /// </summary>
    /// <param name="timeout">Of the wall clock, also where the responder's own clock runs faster: processes do not.</param>
    /// <param name="output">Takes what is printed, as it comes.</param>
    Task<Evidence> Run(string script, TimeSpan timeout, CappedOutput output, CancellationToken cancel);
}
