using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Akira.Lab.Doubles.Telegram;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("akira-doctor-").FullName;

    public DoctorTests()
    {
        WritePolicy(_data);
        // Nothing listens there: no test talks to the hosts of the runbooks that ship.
        File.WriteAllText(
            Path.Combine(_data, "platform.md"),
            """
            ## Hosts

            | Host | Address | User | Role |
            | --- | --- | --- | --- |
            | akira-mgmt-01-staging | 127.0.7.1:9 | root | management |

            ## On-call

            | Name | Telegram | E-mail | Role |
            | --- | --- | --- | --- |
            | anna | - | - | primary |
            """
        );
    }

    /// <summary>A policy that loads; without one there is no platform either.</summary>
    internal static void WritePolicy(string folder) =>
        File.WriteAllText(
            Path.Combine(folder, "incident-response.md"),
            """
            # Incident response

            ## Severity levels

            ### SEV1 - Outage

            - Definition: calls cannot be made.
            - Ack target: 15 minutes.
            - Communication: Telegram immediate.

            ## Resolution

            - User-facing symptom is gone.
            """
        );

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
    public async Task Without_any_channel_it_is_not_well_and_with_one_it_is()
    {
        var none = await Doctor(("AKIRA_Webhook__Url", ""));
        var one = await Doctor(("AKIRA_Webhook__Url", "http://127.0.0.1:9/pages"));

        var channels = JsonNode.Parse(none.Output)!.AsArray().Single(s => (string?)s!["check"] == "channels")!;
        Assert.Equal("wrong", (string?)channels["health"]);
        Assert.Contains("wakes nobody", (string?)channels["what"]);
        Assert.DoesNotContain(JsonNode.Parse(one.Output)!.AsArray(), s => (string?)s!["check"] == "channels");
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

    [Theory]
    [InlineData(
        "getChatMember",
        "telegram-group",
        "whether it may write there could not be asked: Internal Server Error"
    )]
    [InlineData("getWebhookInfo", "telegram-webhook", "somebody else could not be asked: Internal Server Error")]
    public async Task What_telegram_does_not_say_is_not_taken_for_well(string failing, string check, string what)
    {
        await using var telegram = await BotApi(failing);
        var found = await Telegram(telegram.Urls.First(), "-1001000000001");

        Assert.Equal("note", (string?)found[check]!["health"]);
        Assert.Contains(what, (string?)found[check]!["what"]);
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
        var run = await Doctor(("AKIRA_Email__Host", "127.0.7.1"));

        Assert.Contains("akira-mgmt-01-staging, which is part of the platform", run.Output);
    }

    [Fact]
    public async Task It_is_wrong_under_another_name_of_the_host_too()
    {
        File.WriteAllText(
            Path.Combine(_data, "platform.md"),
            File.ReadAllText(Path.Combine(_data, "platform.md"))
                .Replace("127.0.7.1:9", "127.0.0.1:9", StringComparison.Ordinal)
        );

        var run = await Doctor(("AKIRA_Email__Host", "localhost"));

        Assert.Contains("akira-mgmt-01-staging, which is part of the platform", run.Output);
    }

    [Fact]
    public async Task It_asks_the_responder_what_the_probes_see_and_says_which_fail_and_since_when()
    {
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-12);
        using var responder = new FakeResponder(
            200,
            "application/json",
            $$"""
            [{"service":"kamailio","subsystem":"signaling","probe":"sip:127.0.0.1:5060","state":"down","said":"no answer","since":"{{since:O}}"},
             {"service":"vault","subsystem":"Vault","probe":"vault://127.0.0.1:8200","state":"up","said":"unsealed","since":"{{since:O}}"},
             {"service":"nats","subsystem":"CDR pipeline","probe":"nats://127.0.0.1:4222","state":"unknown","said":"refused","since":null}]
            """
        );
        var run = await Doctor(("AKIRA_URL", responder.Url));
        var found = JsonNode
            .Parse(run.Output)!
            .AsArray()
            .Where(s => ((string?)s!["check"])!.StartsWith("probe"))
            .ToList();

        Assert.Equal(["ok", "wrong", "note"], found.Select(s => (string?)s!["health"]));
        Assert.Contains("1 of 3 probes", (string?)found[0]!["what"]);
        Assert.Contains("kamailio (sip:127.0.0.1:5060) has failed for 12 min", (string?)found[1]!["what"]);
        Assert.Contains("no answer", (string?)found[1]!["what"]);
        Assert.Contains("nats", (string?)found[2]!["what"]);
    }

    [Theory]
    [InlineData(-3, "ok")] // a Date of whole seconds, from a server that looks at its clock once a second, and is late
    [InlineData(-60, "wrong")]
    [InlineData(60, "wrong")]
    public async Task Clocks_that_are_apart_are_told_from_a_date_that_is_coarse(int ahead, string health)
    {
        using var responder = new FakeResponder(
            200,
            "application/json",
            """{"status":"ok"}""",
            TimeSpan.FromSeconds(ahead)
        );
        var run = await Doctor(("AKIRA_URL", responder.Url));
        var clock = JsonNode.Parse(run.Output)!.AsArray().Single(s => (string?)s!["check"] == "clock")!;

        Assert.Equal(health, (string?)clock["health"]);
    }

    private const string Token = "7000000001:a-token-of-these-tests";

    private Task<Run> Doctor(params (string, string)[] environment) =>
        Enter(environment, "doctor", "--json", "--data", _data, "--runbooks", _data);

    /// <param name="failing">The method that fails; null: none does.</param>
    private static async Task<WebApplication> BotApi(string? failing = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        var app = builder.Build();
        app.Use(
            (context, next) =>
            {
                if (failing is null || !context.Request.Path.Value!.EndsWith(failing, StringComparison.Ordinal))
                    return next(context);
                context.Response.StatusCode = 500;
                return context.Response.WriteAsJsonAsync(new { ok = false, description = "Internal Server Error" });
            }
        );
        app.MapTelegram();
        await app.StartAsync();
        return app;
    }

    private async Task<Dictionary<string, JsonNode>> Telegram(string api, string group)
    {
        var run = await Doctor(
            ("AKIRA_Telegram__Token", Token),
            ("AKIRA_Telegram__ApiBase", api),
            ("AKIRA_Telegram__Group", group)
        );
        return JsonNode
            .Parse(run.Output)!
            .AsArray()
            .Where(s => ((string)s!["check"]!).StartsWith("telegram", StringComparison.Ordinal))
            .ToDictionary(s => (string)s!["check"]!, s => s!);
    }

    private async Task<JsonNode> Webhook(string url)
    {
        var run = await Doctor(("AKIRA_Webhook__Url", url));
        return JsonNode.Parse(run.Output)!.AsArray().Single(s => (string?)s!["check"] == "webhook")!;
    }
}
