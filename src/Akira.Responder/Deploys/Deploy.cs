namespace Akira.Responder.Deploys;

/// <param name="Service">Null: the sender did not say.</param>
public sealed record Deploy(string Version, string? Service, DateTimeOffset At);
