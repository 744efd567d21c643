namespace Akira.Responder.Log;

/// <summary>Instants on disk: microseconds since 1970, UTC.</summary>
public static class Micros
{
    public static long Of(DateTimeOffset at) =>
        (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long? Of(DateTimeOffset? at) => at is { } given ? Of(given) : null;

    public static DateTimeOffset ToInstant(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros);

    /// <summary>What is left of an instant once it was on disk.</summary>
    public static DateTimeOffset Round(DateTimeOffset at) =>
        new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
