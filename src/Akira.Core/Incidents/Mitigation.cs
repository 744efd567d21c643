using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <param name="Text">The option as the runbook writes it.</param>
/// <param name="Fact">What speaks for it or against it now.</param>
public sealed record MitigationOption(string Text, string Fact);

/// <summary>Restore first: the runbook's options in the runbook's order, with the facts for each.</summary>
public static class Mitigation
{
    public static ImmutableArray<MitigationOption> Of(Incident incident, Policy policy, DateTimeOffset now) =>
        throw new NotSupportedException();
}
