using Akira.Core.Runbooks;
using Akira.Responder.Probes;
using Akira.Voice.Tests.Real;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Akira.Responder.Tests.Probes;

/// <summary>Against a real nats-server with JetStream.</summary>
public sealed class NatsProbeTests : IAsyncLifetime
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private NatsServer _server = null!;
    private NatsProbe _probe = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await NatsServer.Start();
        _probe = new NatsProbe(ProbeTarget.Read($"{_server.Url}/AKIRA_CDR/cdr_worker", out _)!, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _probe.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_server_without_the_stream_is_down_and_says_what_is_missing()
    {
        var reading = await Look();
        Assert.False(reading.Up);
        Assert.Contains("not found", reading.Said);
    }

    [Fact]
    public async Task What_was_handed_out_and_not_acknowledged_is_still_unread()
    {
        await using var client = new NatsConnection(new NatsOpts { Url = _server.Url });
        var jetStream = new NatsJSContext(client);
        await jetStream.CreateStreamAsync(new StreamConfig("AKIRA_CDR", ["akira.cdr.*"]), _cancel);
        var worker = await jetStream.CreateOrUpdateConsumerAsync(
            "AKIRA_CDR",
            new ConsumerConfig("cdr_worker") { AckPolicy = ConsumerConfigAckPolicy.Explicit },
            _cancel
        );
        Assert.Equal(0, Figure(await Look(), "cdr.backlog"));

        for (var i = 0; i < 5; i++)
            await jetStream.PublishAsync("akira.cdr.a", "{}", cancellationToken: _cancel);
        var taken = await worker.NextAsync<string>(cancellationToken: _cancel);
        Assert.Equal(5, Figure(await Look(), "cdr.backlog"));
        Assert.InRange(Figure(await Look(), "cdr.backlog_age"), 0, 10);

        await taken!.AckAsync(new AckOpts { DoubleAck = true }, _cancel);
        Assert.Equal(4, Figure(await Look(), "cdr.backlog"));
    }

    [Fact]
    public async Task A_frozen_server_is_down_and_up_again_when_it_is_thawed()
    {
        Assert.Contains("not found", (await Look()).Said);
        await _server.Freeze();
        Assert.Equal((false, "no answer in time"), await Look() is var frozen ? (frozen.Up, frozen.Said) : default);
        await _server.Thaw();
        Assert.Contains("not found", (await Look()).Said);
    }

    [Fact]
    public async Task A_killed_server_is_down()
    {
        await Look();
        await _server.Kill();
        Assert.False((await Look()).Up);
        await _server.Start();
        Assert.Contains("not found", (await Look()).Said);
    }

    private static double Figure(Reading reading, string sample) =>
        Assert.Single(reading.Figures, f => f.Sample == sample).Value!.Value;

    private async Task<Reading> Look()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        return await _probe.Look(patience.Token);
    }
}
