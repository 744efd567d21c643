using System.Text.Json.Nodes;
using Akira.Core.Incidents;
using Akira.Responder.Channels;
using Akira.Responder.Channels.Webhook;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Tests.Channels;

public sealed class WebhookChannelTests : IAsyncLifetime
{
    private static readonly Message Page = new(
        "INC-7",
        new Severity(1),
        "page",
        ["anna"],
        "opened",
        "no calls",
        DateTimeOffset.UnixEpoch,
        4,
        "http://127.0.0.1:7400/incidents/INC-7"
    );

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly List<(string Key, JsonNode Body)> _received = [];
    private readonly List<(Dictionary<string, string> Headers, string Body)> _signed = [];
    private int _answer = StatusCodes.Status200OK;
    private WebApplication _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost(
            "/pages",
            async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                var body = await reader.ReadToEndAsync();
                _received.Add((request.Headers["Idempotency-Key"].ToString(), JsonNode.Parse(body)!));
                _signed.Add((request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()), body));
                return Results.StatusCode(_answer);
            }
        );
        await _receiver.StartAsync();
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task A_page_is_posted_with_what_its_reader_needs_and_a_key_to_know_a_repeat_by()
    {
        Assert.IsType<Delivery.Delivered>(await Deliver());

        var (key, body) = Assert.Single(_received);
        Assert.Equal("INC-7/4", key);
        Assert.Equal("INC-7", (string?)body["incident"]);
        Assert.Equal("SEV1", (string?)body["severity"]);
        Assert.Equal("page", (string?)body["kind"]);
        Assert.Equal("anna", (string?)body["to"]![0]);
        Assert.Equal("no calls", (string?)body["text"]);
        Assert.Equal("http://127.0.0.1:7400/incidents/INC-7", (string?)body["url"]);
    }

    [Fact]
    public async Task With_a_secret_a_page_is_signed_as_Standard_Webhooks_has_it()
    {
        var key = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32);
        var secret = "whsec_" + Convert.ToBase64String(key);

        Assert.IsType<Delivery.Delivered>(await Deliver(secret));

        var (headers, body) = Assert.Single(_signed);
        var signed = $"INC-7/4.{headers["webhook-timestamp"]}.{body}";
        var hash = System.Security.Cryptography.HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes(signed));
        Assert.Equal("INC-7/4", headers["webhook-id"]);
        Assert.Equal($"v1,{Convert.ToBase64String(hash)}", headers["webhook-signature"]);
    }

    [Fact]
    public async Task As_a_CloudEvent_the_same_message_stands_in_an_envelope_and_the_whole_is_signed()
    {
        var key = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32);
        var envelope = new Envelope(new Uri("http://127.0.0.1:7400"));

        Assert.IsType<Delivery.Delivered>(await Deliver("whsec_" + Convert.ToBase64String(key), envelope));

        var (headers, body) = Assert.Single(_signed);
        var read = new CloudNative.CloudEvents.SystemTextJson.JsonEventFormatter().DecodeStructuredModeMessage(
            System.Text.Encoding.UTF8.GetBytes(body),
            new System.Net.Mime.ContentType(headers["Content-Type"]),
            null
        );
        Assert.Equal("application/cloudevents+json", headers["Content-Type"]);
        Assert.Equal(("1.0", "INC-7/4"), (read.SpecVersion.VersionId, read.Id));
        Assert.Equal(("akira.page.opened", "INC-7", "SEV1"), (read.Type, read.Subject, (string?)read["severity"]));
        Assert.Equal((DateTimeOffset.UnixEpoch, "http://127.0.0.1:7400/"), (read.Time, read.Source?.ToString()));
        Assert.Equal("no calls", ((System.Text.Json.JsonElement)read.Data!).GetProperty("text").GetString());
        var signed = $"INC-7/4.{headers["webhook-timestamp"]}.{body}";
        var hash = System.Security.Cryptography.HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes(signed));
        Assert.Equal($"v1,{Convert.ToBase64String(hash)}", headers["webhook-signature"]);
    }

    [Fact]
    public void A_format_that_is_none_is_refused_at_the_start() =>
        Assert.Throws<Akira.Responder.Log.CannotStart>(() =>
            new ResponderOptions { Webhook = new WebhookOptions("http://127.0.0.1:9", Format: "xml") }.Check()
        );

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_dG9vIHNob3J0")]
    [InlineData("a password")]
    public void A_secret_that_is_none_is_refused_at_the_start(string secret) =>
        Assert.Throws<Akira.Responder.Log.CannotStart>(() =>
            new ResponderOptions { Webhook = new WebhookOptions("http://127.0.0.1:9", secret) }.Check()
        );

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_may_pass_is_worth_another_try(int status)
    {
        _answer = status;

        Assert.Contains($"{status}", Assert.IsType<Delivery.Transient>(await Deliver()).Error);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task What_will_not_pass_is_given_up(int status)
    {
        _answer = status;

        Assert.Contains($"{status}", Assert.IsType<Delivery.Permanent>(await Deliver()).Error);
    }

    [Fact]
    public async Task A_receiver_that_is_away_may_come_back()
    {
        var url = new Uri(_receiver.Urls.First());
        await _receiver.StopAsync(_cancel);

        using var channel = new WebhookChannel(url);

        Assert.Contains(
            "cannot be reached",
            Assert.IsType<Delivery.Transient>(await channel.Deliver(Page, _cancel)).Error
        );
    }

    private async Task<Delivery> Deliver(string? secret = null, Envelope? envelope = null)
    {
        using var channel = new WebhookChannel(new Uri(new Uri(_receiver.Urls.First()), "/pages"), secret, envelope);
        return await channel.Deliver(Page, _cancel);
    }
}
