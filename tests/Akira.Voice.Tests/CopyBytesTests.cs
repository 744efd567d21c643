using System.Globalization;
using Akira.Voice.CdrWorker;
using Akira.Voice.Stream;
using Akira.Voice.Tests.Real;
using Npgsql;

namespace Akira.Voice.Tests;

/// <summary>What is copied in binary against what goes through Npgsql's own arrays, in a real PostgreSQL.</summary>
public sealed class CopyBytesTests : IAsyncLifetime
{
    private const int Rows = 2100; // so many are copied
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private Postgres _postgres = null!;

    public async ValueTask InitializeAsync() => _postgres = await Postgres.Start();

    public ValueTask DisposeAsync() => _postgres.DisposeAsync();

    [Fact]
    public async Task Every_value_arrives_as_it_was()
    {
        await using var database = NpgsqlDataSource.Create(_postgres.Connection);
        await CdrTables.Ensure(database, _cancel);
        var messages = Enumerable.Range(1, Rows).Select(Message).ToList();

        using var copied = Batch.Of(messages, TimeProvider.System.GetUtcNow());
        Assert.NotNull(copied.Copy);
        await new CdrWriter(database, consumer: null).Write(copied, _cancel);
        var rows = await _postgres.Column("DELETE FROM cdr RETURNING cdr::text");

        foreach (var few in messages.Chunk(500))
            await new CdrWriter(database, consumer: null).Write(
                Batch.Of(few, TimeProvider.System.GetUtcNow()),
                _cancel
            );
        var expected = await _postgres.Column("SELECT cdr::text FROM cdr");

        Assert.Equal(Rows, expected.Count);
        Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    private static Message Message(int call)
    {
        string[] rates =
        [
            "0",
            "0.0",
            "0.012",
            "1",
            "10000",
            "12345.6789",
            "1.50000",
            "79228162514264337593543950335",
            "1e-27",
            "0.00001",
        ];
        var text = (call % 2 == 0 ? Events.Setup(call) : Events.End(call))
            .Replace("0.012", rates[call % rates.Length], StringComparison.Ordinal)
            .Replace("nordwind", call % 3 == 0 ? "Brescià 電話 \\\"x\\\"" : "", StringComparison.Ordinal)
            .Replace(
                "\"is_last\":true",
                call % 5 == 0 ? "\"is_last\":false,\"q850\":16" : "\"v\":1",
                StringComparison.Ordinal
            );
        text = text.Replace(
            "{\"v\":1,",
            string.Create(CultureInfo.InvariantCulture, $"{{\"call_uid\":\"c{call}\","),
            StringComparison.Ordinal
        );
        if (!text.Contains("\"v\":1", StringComparison.Ordinal))
            text = text.Replace("{", "{\"v\":1,", StringComparison.Ordinal);
        return new(call, TimeProvider.System.GetUtcNow(), "akira.cdr.sip-01", Events.Utf8(text), Again: false);
    }
}
