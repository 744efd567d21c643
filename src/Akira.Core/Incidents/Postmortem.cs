using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <summary>The post-mortem, half written from facts.</summary>
public static class Postmortem
{
    /// <param name="log">The incident's whole log, in order.</param>
    /// <returns>Markdown after the policy's template.</returns>
    public static string Write(IReadOnlyList<LogEntry> log, Policy policy, DateTimeOffset now) =>
        throw new NotSupportedException();
}
