using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Authentication;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Npgsql;

namespace Akira.Responder.Probes;

/// <summary>One service, and the loop that looks at it.</summary>
internal sealed class ProbeLoop
{
    /// <summary>Whatever stops should be known within seconds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>What a look may take, and what a probe has to put its answer together when that is over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(150);

    private readonly IProbe _probe;
    private readonly SeenServices _seen;
    private readonly TimeProvider _world;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop;
    private readonly Task _looking;
    private Task<Reading> _look = Task.FromResult(Reading.Of(null, "not looked at yet"));
    private ImmutableArray<Sample> _samples = [];

    /// <param name="part">Of its pace, from 0 to 1: how long it waits before the first look.</param>
    public ProbeLoop(
        PlatformService service,
        IProbe probe,
        SeenServices seen,
        double part,
        TimeProvider world,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        State = new ProbeState(service);
        (_probe, _seen, _world, _clock) = (probe, seen, world, clock);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _looking = Look(Every * part, _stop.Token);
    }

    public ProbeState State { get; private set; }

    public ImmutableArray<Sample> Samples => _samples;

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task Look(TimeSpan wait, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(wait, _world, cancel);
            using var pace = new PeriodicTimer(Every, _world);
            do await Once(cancel);
            while (await pace.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException)
        {
            // no longer watched
        }
        finally
        {
            if (_probe is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (_probe as IDisposable)?.Dispose();
        }
    }

    private async Task Once(CancellationToken cancel)
    {
        // The question's time, not the answer's: that a service does not answer is known of the moment it was asked.
        var (asked, began) = (_world.GetUtcNow(), _world.GetTimestamp());
        var now = _clock.GetUtcNow();
        var reading = await Ask(cancel);
        var took = _world.GetElapsedTime(began);
        if (reading.Up == true)
            _seen.Note(State.Service);
        else if (!_seen.Has(State.Service))
            reading = reading with { Up = null, Said = $"{reading.Said}; it has never answered yet" };
        State = State with
        {
            Up = reading.Up,
            Said = reading.Said,
            Took = took,
            Since = State.Up == reading.Up && State.Since is { } since ? since : now,
        };
        var service = State.Service.Name;
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("service", service);
        _samples =
        [
            Sample.Of($"{service}.up", reading.Up is { } up ? (up ? 1 : 0) : null, asked) with
            {
                Remark = reading.Said,
            },
            .. reading.Figures.Select(f => new Sample(f.Sample, labels, f.Value, asked) { Remark = f.Remark }),
        ];
    }

    private async Task<Reading> Ask(CancellationToken cancel)
    {
        using var over = new CancellationTokenSource(Patience, _world);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancel);
        try
        {
            // A look that did not hear that its time is over goes on; a second one does not begin beside it.
            if (_look.IsCompleted)
                _look = _probe.Look(either.Token);
            return await _look.WaitAsync(Patience + Grace, _world, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
            when (e
                    is OperationCanceledException
                        or TimeoutException
                        or SocketException
                        or IOException
                        or HttpRequestException
                        or AuthenticationException
                        or NpgsqlException
            )
        {
            return Reading.Of(false, Words.Of(e, over.Token));
        }
        catch (Exception e)
        {
            // A mistake of ours is not an outage of theirs.
            return Reading.Of(null, $"the probe failed: {e.Message}");
        }
    }
}
