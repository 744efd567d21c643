using System.Net.Sockets;
using Akira.Core.Runbooks;
using Akira.Responder.Log;
using Akira.Responder.Probes;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Probes;

public sealed class ProberTests : IAsyncLifetime
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-test-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, ToldProbe> _probes = [];
    private Store _store = null!;
    private Prober _prober = null!;
    private bool _isRefused;
    private Platform _platform = Of("a", "b");

    public async ValueTask InitializeAsync()
    {
        _store = Store.Open(Path.Combine(_folder, "akira.db"));
        _prober = Begin();
        await _prober.StartAsync(_cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _prober.StopAsync(_cancel);
        _prober.Dispose();
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Each_second_each_service_is_looked_at_and_what_it_said_is_a_sample()
    {
        await Seconds(3);
        Assert.Equal(3, _probes["a"].Looks);
        var sample = Assert.Single(_prober.Samples(), s => s.Name == "a.up");
        Assert.Equal((1.0, "well"), (sample.Value, sample.Remark));
    }

    [Fact]
    public async Task A_service_that_hangs_is_down_and_holds_up_no_other()
    {
        await Seconds(1);
        _probes["a"].Answers = null;
        await Seconds(3);
        Assert.Equal(0, Up("a"));
        Assert.Equal("no answer in time", State("a").Said);
        Assert.Equal(1, Up("b"));
        Assert.Equal(4, _probes["b"].Looks);
    }

    [Fact]
    public async Task A_look_that_does_not_end_is_not_joined_by_another()
    {
        await Seconds(1);
        _probes["a"].Answers = null;
        await Seconds(5);
        Assert.Equal(2, _probes["a"].Looks);
    }

    [Fact]
    public async Task What_the_network_says_is_down_and_a_mistake_of_ours_is_not()
    {
        await Seconds(1);
        _probes["a"].Throws = Refused;
        _probes["b"].Throws = new InvalidOperationException("oops");
        await Seconds(1);
        Assert.Equal((0, "connection refused"), (Up("a"), State("a").Said));
        Assert.Equal((null, "the probe failed: oops"), (Up("b"), State("b").Said));
    }

    [Fact]
    public async Task A_service_that_has_never_answered_is_unknown_and_not_down()
    {
        _platform = Of("never");
        await Seconds(3);
        Assert.Null(Up("never"));
        Assert.Equal("connection refused; it has never answered yet", State("never").Said);
    }

    [Fact]
    public async Task What_has_once_answered_is_down_also_for_a_responder_that_starts_in_the_middle_of_the_outage()
    {
        await Seconds(1);
        await _prober.StopAsync(_cancel);
        _prober.Dispose();
        _isRefused = true;

        _prober = Begin();
        await _prober.StartAsync(_cancel);
        await Seconds(2);

        Assert.Equal(0, Up("a"));
    }

    [Fact]
    public async Task A_platform_that_changes_is_followed_and_what_stays_goes_on()
    {
        await Seconds(2);
        _platform = Of("b", "c");
        await Seconds(2);
        Assert.Equal(["b", "c"], _prober.States.Select(s => s.Service.Name));
        Assert.True(_probes["a"].IsDisposed);
        Assert.Equal(4, _probes["b"].Looks);
        Assert.InRange(_probes["c"].Looks, 1, 2);
    }

    [Fact]
    public async Task Since_when_it_is_so_is_kept_while_it_stays_so()
    {
        await Seconds(1);
        var since = State("a").Since;
        await Seconds(3);
        Assert.Equal(since, State("a").Since);
        _probes["a"].Throws = Refused;
        await Seconds(1);
        Assert.True(State("a").Since > since);
    }

    private static SocketException Refused => new((int)SocketError.ConnectionRefused);

    private Prober Begin() =>
        new(
            () => _platform,
            target =>
                _probes[target.Endpoint.Host] = new ToldProbe
                {
                    Throws = _isRefused || target.Endpoint.Host == "never" ? Refused : null,
                },
            new SeenServices(_store),
            _time,
            _time,
            () => 0.5
        );

    private double? Up(string service) => Assert.Single(_prober.Samples(), s => s.Name == $"{service}.up").Value;

    private ProbeState State(string service) => _prober.States.Single(s => s.Service.Name == service);

    /// <summary>In small steps, and with time in between for what each step sets going.</summary>
    private async Task Seconds(int count)
    {
        for (var step = 0; step < count * 10; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            // On a busy machine it takes longer until it is even begun.
            for (var tries = 0; tries < 200 && ThreadPool.PendingWorkItemCount > 0; tries++)
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, _cancel);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, _cancel);
        }
    }

    private static Platform Of(params string[] services) =>
        new([], [.. services.Select(s => new PlatformService(s, "signaling", null, null, [], $"tcp://{s}:1"))], []);

    private sealed class ToldProbe : IProbe, IDisposable
    {
        public string? Answers { get; set; } = "well";
        public Exception? Throws { get; set; }
        public int Looks { get; set; }
        public bool IsDisposed { get; private set; }

        public async Task<Reading> Look(CancellationToken cancel)
        {
            Looks++;
            if (Throws is { } e)
                throw e;
            if (Answers is null)
                await new TaskCompletionSource().Task; // nor does it listen to the token
            return Reading.Of(true, Answers!);
        }

        public void Dispose() => IsDisposed = true;
    }
}
