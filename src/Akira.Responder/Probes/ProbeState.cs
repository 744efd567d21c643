using Akira.Core.Runbooks;

namespace Akira.Responder.Probes;

/// <param name="Up">Null: not looked at yet, or it cannot be told.</param>
/// <param name="Said">What it answered last.</param>
/// <param name="Took">How long the last answer took.</param>
/// <param name="Since">Since when it has been as it is.</param>
public sealed record ProbeState(
    PlatformService Service,
    bool? Up = null,
    string? Said = null,
    TimeSpan? Took = null,
    DateTimeOffset? Since = null
);
