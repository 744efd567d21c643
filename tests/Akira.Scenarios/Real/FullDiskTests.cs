using System.Net;
using System.Text.Json;

namespace Akira.Scenarios.Real;

/// <summary>The data folder on a real disk of a few megabytes, which somebody else fills to the last byte.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly ResponderProcess _responder = new(diskSize: "8m");

    public async ValueTask InitializeAsync()
    {
        await _responder.Start(_cancel);
        Assert.Equal(HttpStatusCode.OK, await Fire("before"));
    }

    public ValueTask DisposeAsync()
    {
        _responder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task On_a_full_disk_nothing_is_acknowledged_and_what_was_recorded_stays()
    {
        FillDisk();

        using var alert = await _responder.PostAlert(Alert("during"), _cancel);
        using var command = await _responder.Say("INC-1", "ACK anna", _cancel);

        Assert.Equal(HttpStatusCode.InsufficientStorage, alert.StatusCode);
        var problem = JsonDocument.Parse(await alert.Content.ReadAsStringAsync(_cancel)).RootElement;
        Assert.Equal("store-failed", problem.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.InsufficientStorage, command.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Readiness());
        Assert.Equal(["INC-1"], await _responder.Incidents(_cancel));
        Assert.Equal("open", (await _responder.Get("/api/incidents/INC-1", _cancel)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Once_there_is_room_again_it_goes_on_by_itself()
    {
        FillDisk();
        Assert.Equal(HttpStatusCode.InsufficientStorage, await Fire("during"));

        File.Delete(Filler);

        Assert.Equal(HttpStatusCode.OK, await Fire("after"));
        Assert.Equal(HttpStatusCode.OK, await Readiness());
        Assert.Equal(["INC-2", "INC-1"], await _responder.Incidents(_cancel));
    }

    private string Filler => Path.Combine(_responder.Data, "somebody-else");

    private void FillDisk()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // not one page more
        }
    }

    private async Task<HttpStatusCode> Fire(string subsystem)
    {
        using var answer = await _responder.PostAlert(Alert(subsystem), _cancel);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> Readiness() =>
        (await _responder.Client.GetAsync(new Uri("/readyz", UriKind.Relative), _cancel)).StatusCode;

    private static object Alert(string subsystem) =>
        new
        {
            labels = new Dictionary<string, string>
            {
                ["alertname"] = subsystem,
                ["severity"] = "critical",
                ["subsystem"] = subsystem,
            },
        };
}
