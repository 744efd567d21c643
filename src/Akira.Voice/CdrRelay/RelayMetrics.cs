using System.Globalization;

namespace Akira.Voice.CdrRelay;

/// <param name="Received">Events since it was started.</param>
/// <param name="Published">Of these and of those before it, in the stream.</param>
/// <param name="Waiting">Bytes on disk that the stream does not have.</param>
/// <param name="Free">Bytes the disk has left.</param>
/// <param name="Dropped">Events the kernel had no room for.</param>
/// <param name="DiskTrouble">Why nothing is taken from the socket; null: it is.</param>
/// <param name="StreamTrouble">Why nothing is published; null: it is.</param>
public sealed record RelayState(
    long Received,
    long Published,
    long Waiting,
    long Free,
    long Dropped,
    string? DiskTrouble,
    string? StreamTrouble
);

/// <summary>The relay's state for Prometheus.</summary>
internal static class RelayMetrics
{
    public static string Text(RelayState s) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # TYPE akira_cdr_relay_received_total counter
            akira_cdr_relay_received_total {s.Received}
            # TYPE akira_cdr_relay_published_total counter
            akira_cdr_relay_published_total {s.Published}
            # TYPE akira_cdr_relay_dropped_total counter
            akira_cdr_relay_dropped_total {s.Dropped}
            # TYPE akira_cdr_relay_spool_bytes gauge
            akira_cdr_relay_spool_bytes {s.Waiting}
            # TYPE akira_cdr_relay_disk_free_bytes gauge
            akira_cdr_relay_disk_free_bytes {s.Free}
            # TYPE akira_cdr_relay_disk_full gauge
            akira_cdr_relay_disk_full {(s.DiskTrouble is null ? 0 : 1)}
            # TYPE akira_cdr_relay_stream_up gauge
            akira_cdr_relay_stream_up {(s.StreamTrouble is null ? 1 : 0)}

            """
        );
}
