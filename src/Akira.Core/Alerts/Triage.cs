using Akira.Core.Runbooks;

namespace Akira.Core.Alerts;

/// <summary>What an alert means on this platform: how bad, and where.</summary>
public static class Triage
{
    public static TriagedAlert Of(Alert alert, Policy policy) => throw new NotSupportedException();
}
