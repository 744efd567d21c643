using Akira.Voice.Tests.Real;
using Parquet;

namespace Akira.Voice.Tests.Backend;

public sealed class ExportTests : IAsyncLifetime
{
    private const string Day = "from=2026-11-24T00:00Z&to=2026-11-25T00:00Z";
    private Postgres _database = null!;
    private RunningBackend _backend = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Postgres.Start();
        _backend = await RunningBackend.Start(_database);
        await _database.Do(
            """
            INSERT INTO cdr (call_uid, type, t_invite, call_id, t_final, sip_code, customer, trunk_out, src, dst, stream_seq)
            SELECT 'uid-' || lpad(i::text, 6, '0'), 'setup', t, CASE i WHEN 7 THEN '=cmd|''x''!A1' WHEN 8 THEN 'a,"b' ELSE 'call-' || i END,
                t, 486, 'nordwind', 'carrier-1', '+390212345', '+39333', i
            FROM (SELECT i, timestamptz '2026-11-24 12:00Z' + i * interval '1 ms' AS t FROM generate_series(1, 12000) i) s
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Csv_has_every_call_of_the_search_once_the_oldest_first()
    {
        var csv = await _backend.Get($"/api/calls.csv?{Day}");
        var lines = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(12001, lines.Length);
        Assert.StartsWith("uid,at,callId,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "uid-000001,2026-11-24T12:00:00.001000Z,call-1,+390212345,",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.Equal(12000, lines[1..].Select(l => l[..10]).Distinct().Count());
    }

    [Fact]
    public async Task No_cell_is_a_formula_and_quotes_are_doubled()
    {
        var csv = (await _backend.Get($"/api/calls.csv?{Day}")).Text;
        Assert.Contains(",'=cmd|'x'!A1,", csv, StringComparison.Ordinal);
        Assert.Contains(",\"a,\"\"b\",", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_has_the_same_calls()
    {
        await using var file = new MemoryStream(
            await _backend.Http.GetByteArrayAsync($"/api/calls.parquet?{Day}&number=%2B39333")
        );
        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(14, reader.Schema.Fields.Count);
        file.Position = 0;
        var rows = 0L;
        for (var group = 0; group < reader.RowGroupCount; group++)
            rows += reader.OpenRowGroupReader(group).RowCount;
        Assert.Equal(12000, rows);
    }

    [Fact]
    public async Task An_export_without_bounds_is_refused()
    {
        var answer = await _backend.Get("/api/calls.csv?to=2026-11-25T00:00Z");
        Assert.Equal((400, "from"), (answer.Status, answer["field"]));
    }
}
