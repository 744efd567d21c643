using System.Net;
using System.Text;
using System.Text.Json;
using Akira.Core.Voice;
using Akira.Responder.Voice;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Voice;

public sealed class CallEndpointsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("akira-calls-").FullName;
    private WebApplication app = null!;
    private HttpClient http = null!;

    [Fact]
    public async Task Posted_calls_are_counted_and_on_disk()
    {
        var answer = await Post(Lines(150, 200) + Lines(50, 503));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"accepted":200,"duplicates":0,"outOfTime":0}""", await Text(answer));
        Assert.Equal(200, (await File.ReadAllLinesAsync(Path.Combine(folder, "2026-03-01T12Z.ndjson"), Cancel)).Length);
        var five = (await Kpis("?kind=platform")).GetProperty("scopes")[0].GetProperty("windows")[1];
        Assert.Equal(5, five.GetProperty("windowMinutes").GetDouble());
        Assert.Equal(200, five.GetProperty("attempts").GetInt32());
        Assert.Equal(0.75, five.GetProperty("asr").GetProperty("value").GetDouble());
        Assert.InRange(five.GetProperty("asr").GetProperty("lower").GetDouble(), 0.6, 0.75);
        Assert.Equal(200, five.GetProperty("asr").GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task A_ratio_of_few_calls_is_published_as_insufficient_data()
    {
        await Post(Lines(9, 200));

        var scope = (await Kpis("?kind=trunk&name=t1")).GetProperty("scopes")[0];
        var asr = scope.GetProperty("windows")[3].GetProperty("asr");
        Assert.Equal(JsonValueKind.Null, asr.GetProperty("value").ValueKind);
        Assert.Equal("insufficient data", asr.GetProperty("note").GetString());
        Assert.Equal("9 of the last 9 calls answered", scope.GetProperty("lastCalls").GetString());
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_counts_once()
    {
        var batch = Lines(3, 200);
        await Post(batch);

        Assert.Equal("""{"accepted":3,"duplicates":3,"outOfTime":0}""", await Text(await Post(batch)));
        using var spool = new CallSpool(folder);
        Assert.Equal(3, spool.Between(Noon.AddMinutes(-1), Noon).Count());
    }

    [Fact]
    public async Task A_batch_with_a_wrong_line_is_refused_whole_and_says_where()
    {
        var answer = await Post(Lines(2, 200) + "{\"v\":1,\"type\":\"setup\"}\n");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("line 3: call_uid: missing", await Text(answer), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_refused()
    {
        var answer = await Post(new string(' ', CallEndpoints.LargestBatch + 1));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_said_and_nothing_counts()
    {
        // The hour's file is a device that is always full.
        File.CreateSymbolicLink(Path.Combine(folder, "2026-03-01T12Z.ndjson"), "/dev/full");

        var answer = await Post(Lines(2, 200));

        Assert.Equal(HttpStatusCode.InsufficientStorage, answer.StatusCode);
        Assert.Contains("Nothing of this batch was kept", await Text(answer), StringComparison.Ordinal);
        Assert.Equal(
            0,
            (await Kpis("")).GetProperty("scopes")[0].GetProperty("windows")[3].GetProperty("attempts").GetInt32()
        );
    }

    [Fact]
    public async Task A_restart_finds_the_calls_of_the_last_hour()
    {
        await Post(Lines(5, 200));
        app.Services.GetRequiredService<CallSpool>().Dispose();
        var path = Path.Combine(folder, "2026-03-01T12Z.ndjson");
        await File.AppendAllTextAsync(path, "{\"v\":1,\"type\":\"se", Cancel);

        using var spool = new CallSpool(folder);
        Assert.Equal(5, spool.Recent(Noon.AddMinutes(59)).Count());
        Assert.Equal(5, spool.Between(Noon.AddMinutes(-1), Noon).Count());
        Assert.Empty(spool.Between(Noon, Noon.AddMinutes(30)));
        Assert.Empty(spool.Recent(Noon.AddHours(3)));

        // The half line of the crash does not spoil what is appended after it.
        await spool.Append(CallRecords.Read(Encoding.UTF8.GetBytes(Lines(2, 486))).Records, Noon, Cancel);
        Assert.Equal(7, spool.Recent(Noon).Count());
        Assert.Equal(7, (await File.ReadAllLinesAsync(path, Cancel)).Length);
    }

    [Fact]
    public async Task Files_are_by_hour_and_kept_for_a_week()
    {
        using var spool = new CallSpool(folder);
        var records = CallRecords.Read(Encoding.UTF8.GetBytes(Lines(1, 200))).Records;
        for (var day = 0; day < 10; day++)
            await spool.Append(records, Noon.AddDays(day), Cancel);

        Assert.Equal(
            Enumerable.Range(3, 8).Select(d => $"2026-03-{d:00}T12Z.ndjson"),
            Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!).Order()
        );
    }

    [Fact]
    public async Task Calls_of_the_hour_before_are_found_too()
    {
        using var spool = new CallSpool(folder);
        var midnight = Noon.AddHours(12);
        var before = Record(200, midnight.AddMinutes(-10));
        await spool.Append([before], midnight.AddMinutes(-10), Cancel);
        await spool.Append([Record(200, midnight.AddMinutes(5))], midnight.AddMinutes(5), Cancel);

        Assert.Equal(2, spool.Recent(midnight.AddMinutes(10)).Count());
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Noon));
        builder.Services.AddSingleton<CallIntake>();
        builder.Services.AddSingleton(new CallSpool(folder));
        builder.Services.AddSingleton(_ => new KpiHistory(":memory:"));
        app = builder.Build();
        app.MapCalls();
        await app.StartAsync();
        http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<HttpResponseMessage> Post(string ndjson)
    {
        using var content = new StringContent(ndjson, Encoding.UTF8, "application/x-ndjson");
        return await http.PostAsync(new Uri("/api/calls", UriKind.Relative), content, Cancel);
    }

    private async Task<JsonElement> Kpis(string query) =>
        JsonDocument
            .Parse(await http.GetStringAsync(new Uri("/api/kpis" + query, UriKind.Relative), Cancel))
            .RootElement;

    private static Task<string> Text(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Cancel);

    private static string Lines(int count, int code) =>
        Encoding.UTF8.GetString(CallRecords.Write(Enumerable.Range(0, count).Select(_ => Record(code, Noon))));

    private static int number;

    private static CallRecord Record(int code, DateTimeOffset at) =>
        new()
        {
            Version = 1,
            Type = CallRecordType.Setup,
            CallUid = $"call-{Interlocked.Increment(ref number)}",
            InvitedAt = at.AddSeconds(-2),
            FinalAt = at.AddSeconds(-1),
            SipCode = code,
            TrunkOut = "t1",
        };
}
