using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <summary>The rules: what each command comes to, given the incident, the policy it runs under, and the time.</summary>
public static partial class IncidentDecisions
{
    /// <param name="incident">Null: there is none yet; only <see cref="Command.Open"/> and <see cref="Command.FireAlerts"/> make one.</param>
    public static Decision Decide(Incident? incident, Command command, Actor by, Policy policy, DateTimeOffset now) =>
        throw new NotSupportedException();
}

/// <summary>Why a step runs, as the log says it.</summary>
public static class StepReason
{
    public const string Diagnostics = "diagnostics";
    public const string Asked = "asked";
    public const string Confirmed = "confirmed";
}
