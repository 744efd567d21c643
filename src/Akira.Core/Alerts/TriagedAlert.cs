using Akira.Core.Incidents;

namespace Akira.Core.Alerts;

/// <summary>An alert with what it means on this platform.</summary>
/// <param name="Subsystem">As the policy writes it, or <c>unclassified</c>.</param>
/// <param name="Service">The platform's name of the service it is about; null when it names none.</param>
/// <param name="Reason">Why this severity and this subsystem, in words.</param>
public sealed record TriagedAlert(Alert Alert, Severity Severity, string Subsystem, string? Service, string Reason);
