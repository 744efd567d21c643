using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <param name="Evidence">What it was judged by, in words.</param>
public sealed record GateResult(Gate Gate, bool Met, string Evidence);

/// <summary>Whether an incident may be resolved.</summary>
public static class Gates
{
    public static ImmutableArray<GateResult> Of(Incident incident, Policy policy, DateTimeOffset now) =>
        throw new NotSupportedException();
}
