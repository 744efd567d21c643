using Akira.Core.Incidents;
using Akira.Responder.Log;

namespace Akira.Responder.Tests.Log;

public sealed class StoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Db => Path.Combine(_folder, "akira.db");

    [Fact]
    public void Every_kind_of_entry_comes_back_as_it_was()
    {
        var entry = new Entry.Paged(["anna", "Massimo"], "opened", "<b>é\u001b\0</b>");

        Assert.Equal(EntryJson.Write(entry), EntryJson.Write(EntryJson.Read(EntryJson.Write(entry))));
        Assert.Throws<System.Text.Json.JsonException>(() =>
            EntryJson.Read("""{"kind":"noted","text":"x","hosts":[],"more":1}"""u8)
        );
        Assert.Throws<System.Text.Json.JsonException>(() => EntryJson.Read("""{"kind":"never-heard-of"}"""u8));
    }

    [Fact]
    public void What_was_appended_is_read_back_by_incident_and_by_position()
    {
        using (var store = Store.Open(Db))
            Append(new IncidentLog(store), Entry(1, 1, 1), Entry(2, 2, 1), Entry(3, 1, 2));

        using var again = Store.Open(Db);
        var log = new IncidentLog(again);

        Assert.Equal(3, log.Position);
        Assert.Equal(2, log.LastNumber);
        Assert.Equal([1L, 3L], log.Of(1).Select(e => e.Position));
        Assert.Equal([3L], log.Of(1, afterSeq: 1).Select(e => e.Position));
        Assert.Equal([2L, 3L], log.ReadAfter(1).Select(e => e.Position));
    }

    [Fact]
    public void An_append_that_expects_another_version_is_a_conflict_and_leaves_nothing()
    {
        using var store = Store.Open(Db);
        var log = new IncidentLog(store);
        Append(log, Entry(1, 1, 1));

        var outcome = log.Append(Batch(Entry(2, 2, 1), Entry(3, 1, 1)));

        Assert.Equal(new AppendOutcome.Conflict(1, 1), outcome);
        Assert.Empty(log.Of(2));
    }

    [Fact]
    public void A_cursor_is_recorded_together_with_entries()
    {
        using var store = Store.Open(Db);
        var log = new IncidentLog(store);

        log.Append(new Batch([Entry(1, 1, 1)], [], new Dictionary<string, long> { ["pager"] = 1 }, [], []));

        Assert.Equal(1, log.Cursor("pager"));
        Assert.Null(log.Cursor("nobody"));
    }

    [Fact]
    public async Task A_follower_wakes_when_an_entry_is_announced()
    {
        using var store = Store.Open(Db);
        var log = new IncidentLog(store);
        var waiting = log.WaitPast(0, CancellationToken.None);
        log.Append(Batch(Entry(1, 1, 1)));
        Assert.False(waiting.IsCompleted);
        Assert.Empty(log.ReadAfter(0));

        log.Announce([Entry(1, 1, 1)]);

        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Single(log.ReadAfter(0));
    }

    [Fact]
    public void Entries_that_left_the_memory_are_read_from_the_disk()
    {
        using var store = Store.Open(Db);
        var log = new IncidentLog(store);
        for (var block = 0; block < 20; block++)
            Append(log, [.. Enumerable.Range(block * 100 + 1, 100).Select(i => Entry(i, 1, i))]);

        Assert.Equal(Enumerable.Range(1, 256).Select(i => (long)i), log.ReadAfter(0).Select(e => e.Position));
        Assert.Equal([1999L, 2000L], log.ReadAfter(1998).Select(e => e.Position));
    }

    [Fact]
    public void A_full_disk_fails_the_whole_batch_and_heals()
    {
        using var store = Store.Open(Db);
        var log = new IncidentLog(store);
        Append(log, Entry(1, 1, 1));
        LimitPages(store, 40);
        var big = Enumerable.Range(2, 50).Select(i => Entry(i, 1, i, new string('x', 20_000))).ToArray();

        var failure = Assert.Throws<StoreFailure>(() => log.Append(Batch(big)));

        Assert.Contains("full", failure.Message);
        Assert.False(store.CanWrite);
        Assert.Single(log.Of(1));
        LimitPages(store, 1_000_000);
        Append(log, big);
        Assert.True(store.CanWrite);
        Assert.Equal(51, log.Of(1).Count);
    }

    [Fact]
    public void A_file_that_is_no_database_is_said_to_be_damaged()
    {
        File.WriteAllText(Db, new string('x', 8192));

        var refusal = Assert.Throws<CannotStart>(() => Store.Open(Db));

        Assert.Contains("damaged", refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_folder_has_one_responder()
    {
        using var first = DataFolder.Claim(_folder);

        var refusal = Assert.Throws<CannotStart>(() => DataFolder.Claim(_folder));

        Assert.Contains($"(process {Environment.ProcessId})", refusal.Message);
        Assert.Equal(2, refusal.ExitCode);
    }

    [Fact]
    public void A_data_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");

        var refusal = Assert.Throws<CannotStart>(() => DataFolder.Claim(Path.Combine(_folder, "file", "data")));

        Assert.Contains("cannot be written", refusal.Message);
    }

    [Fact]
    public void A_data_folder_that_is_read_only_is_named_even_to_root()
    {
        var refusal = Assert.Throws<CannotStart>(() => DataFolder.Claim("/sys/kernel"));

        Assert.Contains("The data folder /sys/kernel cannot be written", refusal.Message);
        Assert.Contains("--data DIR", refusal.Message);
    }

    private static void LimitPages(Store store, int pages) =>
        store.Write(
            (connection, transaction) =>
            {
                using var limit = connection.CreateCommand();
                limit.Transaction = transaction;
                limit.CommandText = $"pragma max_page_count = {pages}";
                limit.ExecuteNonQuery();
            }
        );

    private static void Append(IncidentLog log, params LogEntry[] entries)
    {
        Assert.IsType<AppendOutcome.Recorded>(log.Append(Batch(entries)));
        log.Announce(entries);
    }

    private static Batch Batch(params LogEntry[] entries) => new(entries, [], new Dictionary<string, long>(), [], []);

    private static LogEntry Entry(int position, int incident, int seq, string text = "x") =>
        new(position, incident, seq, DateTimeOffset.UnixEpoch.AddDays(20_000), Actor.Akira, new Entry.Noted(text, []));
}
