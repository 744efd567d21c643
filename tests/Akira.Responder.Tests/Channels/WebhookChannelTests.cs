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
                _received.Add(
                    (request.Headers["Idempotency-Key"].ToString(), (await JsonNode.ParseAsync(request.Body))!)
                );
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

    private async Task<Delivery> Deliver()
    {
        using var channel = new WebhookChannel(new Uri(new Uri(_receiver.Urls.First()), "/pages"));
        return await channel.Deliver(Page, _cancel);
    }
}
