using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Akira.Lab.Doubles.Telegram;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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

    [Fact]
    public async Task A_bot_in_its_group_is_well_and_privacy_mode_and_missing_ids_are_said()
    {
        await using var telegram = await BotApi();
        var found = await Telegram(telegram.Urls.First(), "-1001000000001");

        Assert.Contains("@AkiraOpsBot", (string?)found["telegram"]!["what"]);
        Assert.Equal("ok", (string?)found["telegram-group"]!["health"]);
        Assert.Contains("privacy mode is on", (string?)found["telegram-privacy"]!["what"]);
        Assert.Equal("wrong", (string?)found["telegram-people"]!["health"]);
    }

    [Fact]
    public async Task A_group_that_the_bot_does_not_see_is_wrong()
    {
        await using var telegram = await BotApi();
        var found = await Telegram(telegram.Urls.First(), "-42");

        Assert.Contains("cannot see the group -42", (string?)found["telegram-group"]!["what"]);
    }

    [Fact]
    public async Task A_bot_api_that_is_not_there_is_wrong_and_the_token_is_not_shown()
    {
        var found = await Telegram("http://127.0.0.1:9", "-42");

        Assert.Equal("wrong", (string?)found["telegram"]!["health"]);
        Assert.DoesNotContain(Token, found["telegram"]!.ToJsonString());
    }

    [Fact]
    public async Task A_channel_that_goes_over_the_watched_platform_is_wrong()
    {
        var run = await Enter([("AKIRA_Email__Host", "10.77.0.31")], "doctor", "--json", "--data", _data);

        Assert.Contains("akira-mgmt-01-staging, which is part of the platform", run.Output);
    }

    private const string Token = "7000000001:a-token-of-these-tests";

    private static async Task<WebApplication> BotApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        var app = builder.Build();
        app.MapTelegram();
        await app.StartAsync();
        return app;
    }

    private async Task<Dictionary<string, JsonNode>> Telegram(string api, string group)
    {
        var run = await Enter(
            [("AKIRA_Telegram__Token", Token), ("AKIRA_Telegram__ApiBase", api), ("AKIRA_Telegram__Group", group)],
            "doctor",
            "--json",
            "--data",
            _data
        );
        return JsonNode.Parse(run.Output)!.AsArray().ToDictionary(s => (string)s!["check"]!, s => s!);
    }

    private async Task<JsonNode> Webhook(string url)
    {
        var run = await Enter([("AKIRA_Webhook__Url", url)], "doctor", "--json", "--data", _data);
        return JsonNode.Parse(run.Output)!.AsArray().Single(s => (string?)s!["check"] == "webhook")!;
    }
}
