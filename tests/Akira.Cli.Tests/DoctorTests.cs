using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("akira-doctor-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Without_a_webhook_it_says_where_pages_show()
    {
        var webhook = await Webhook("");

        Assert.Equal("note", (string?)webhook["health"]);
        Assert.Contains("console alone", (string?)webhook["what"]);
        Assert.Contains("AKIRA_Webhook__Url", (string?)webhook["fix"]);
    }

    [Fact]
    public async Task A_webhook_that_takes_connections_is_well()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var webhook = await Webhook($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/pages");

        Assert.Equal("ok", (string?)webhook["health"]);
    }

    [Fact]
    public async Task A_webhook_where_nothing_listens_is_wrong()
    {
        var webhook = await Webhook("http://127.0.0.1:9/pages");

        Assert.Equal("wrong", (string?)webhook["health"]);
        Assert.Contains("127.0.0.1:9 cannot be reached", (string?)webhook["what"]);
    }

    [Fact]
    public async Task A_webhook_that_is_no_address_is_wrong()
    {
        var webhook = await Webhook("chat.example.org");

        Assert.Equal("wrong", (string?)webhook["health"]);
        Assert.Contains("is not an http address", (string?)webhook["what"]);
    }

    private async Task<JsonNode> Webhook(string url)
    {
        var run = await Enter([("AKIRA_Webhook__Url", url)], "doctor", "--json", "--data", _data);
        return JsonNode.Parse(run.Output)!.AsArray().Single(s => (string?)s!["check"] == "webhook")!;
    }
}
