using Npgsql;

namespace Akira.Voice.CdrWorker;

/// <param name="Payload">As it came; in JSON as base64.</param>
public sealed record BuriedLetter(
    long StreamSeq,
    DateTimeOffset PublishedAt,
    string Subject,
    string Reason,
    byte[] Payload
);

/// <summary>What is in <c>cdr_dead_letter</c>.</summary>
public static class DeadLetters
{
    private const int Most = 1000;

    /// <returns>The newest first, a thousand at most.</returns>
    public static async Task<List<BuriedLetter>> Since(
        NpgsqlDataSource database,
        DateTimeOffset from,
        CancellationToken cancel
    )
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT stream_seq, published_at, subject, reason, payload FROM cdr_dead_letter
            WHERE published_at >= $1 ORDER BY published_at DESC, stream_seq DESC LIMIT {Most}
            """
        );
        command.Parameters.Add(new() { Value = from.UtcDateTime });
        var letters = new List<BuriedLetter>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            letters.Add(
                new(
                    reader.GetInt64(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetFieldValue<byte[]>(4)
                )
            );
        return letters;
    }

    /// <returns>Null when there is none of that number.</returns>
    public static async Task<byte[]?> Payload(NpgsqlDataSource database, long seq, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT payload FROM cdr_dead_letter WHERE stream_seq = $1 ORDER BY published_at DESC LIMIT 1"
        );
        command.Parameters.Add(new() { Value = seq });
        return (byte[]?)await command.ExecuteScalarAsync(cancel);
    }
}
