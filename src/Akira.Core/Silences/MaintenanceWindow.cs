using Akira.Core.OnCall;

namespace Akira.Core.Silences;

/// <summary>A silence that comes again and again: a row under <c>## Maintenance windows</c> in <c>platform.md</c>.</summary>
/// <param name="Scope">Never the worst severity: nobody stands behind that by name on the night.</param>
public sealed record MaintenanceWindow(string Name, SilenceScope Scope, Recurrence When, TimeSpan Lasts, string Why)
{
    /// <summary>The time for which it is open, if it is; null: it is not.</summary>
    public (DateTimeOffset From, DateTimeOffset Until)? OpenAt(DateTimeOffset now)
    {
        var from = When.Begin(When.TurnAt(now));
        return now < from + Lasts ? (from, from + Lasts) : null;
    }
}
