using System.Text;

namespace Akira.Responder.Steps;

/// <summary>Takes bytes as they are printed.</summary>
public delegate void Printed(ReadOnlySpan<byte> bytes);

/// <summary>
/// Shows what a run prints while it runs: about one line of the log a second, the host that has waited longest first,
/// and no more than <see cref="MostInAll"/> of a run. What it leaves out stands in the evidence.
/// </summary>
internal sealed class LiveOutput : IAsyncDisposable
{
    private const int MostAtOnce = 4 * 1024;
    private const int MostInAll = 64 * 1024;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<Pending> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _showing;

    /// <param name="show">Takes a host and what it printed.</param>
    public LiveOutput(Func<string, string, Task> show) => _showing = Show(show);

    public Printed Of(string host)
    {
        var pending = new Pending(host);
        return bytes =>
        {
            lock (_gate)
                if (pending.Add(bytes))
                    _waiting.Enqueue(pending);
        };
    }

    private async Task Show(Func<string, string, Task> show)
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        var shown = 0;
        try
        {
            while (shown < MostInAll && await timer.WaitForNextTickAsync(_stop.Token))
                if (Next() is (var host, var text))
                {
                    shown += text.Length;
                    await show(host, text);
                }
        }
        catch (OperationCanceledException)
        {
            // the run is over
        }
    }

    private (string Host, string Text)? Next()
    {
        lock (_gate)
            return _waiting.TryDequeue(out var pending) ? (pending.Host, pending.Take()) : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _showing;
        _stop.Dispose();
    }

    /// <summary>What a host printed since it was last shown, of much only the end.</summary>
    private sealed class Pending(string host)
    {
        private readonly byte[] _last = new byte[MostAtOnce];
        private int _length;
        private bool _isCut;

        public string Host { get; } = host;

        /// <returns>Whether these are the first.</returns>
        public bool Add(ReadOnlySpan<byte> bytes)
        {
            var isFirst = _length == 0 && !bytes.IsEmpty;
            var over = _length + bytes.Length - MostAtOnce;
            if (over > 0)
            {
                _isCut = true;
                var kept = Math.Max(0, _length - over);
                _last.AsSpan(_length - kept, kept).CopyTo(_last);
                _length = kept;
                bytes = bytes[Math.Max(0, bytes.Length - MostAtOnce)..];
            }
            bytes.CopyTo(_last.AsSpan(_length));
            _length += bytes.Length;
            return isFirst;
        }

        public string Take()
        {
            var text = (_isCut ? "[…]" : "") + Encoding.UTF8.GetString(_last, 0, _length);
            (_length, _isCut) = (0, false);
            return text;
        }
    }
}
