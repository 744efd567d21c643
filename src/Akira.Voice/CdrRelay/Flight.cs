namespace Akira.Voice.CdrRelay;

/// <summary>The events that were sent and not yet answered for, in their order. One thread adds, another answers.</summary>
/// <param name="window">How many there may be.</param>
/// <param name="position">Of the spool, before the first.</param>
internal sealed class Flight(int window, long position)
{
    private readonly Lock _gate = new();
    private readonly long[] _ends = new long[window];
    private readonly bool[] _answered = new bool[window];
    private long _next;
    private long _first;
    private long _count;

    /// <summary>Up to this position of the spool all is answered for.</summary>
    public long Frontier { get; private set; } = position;

    /// <summary>What the stream refused the first bad event with.</summary>
    public string? Failure { get; private set; }

    public bool IsFull
    {
        get
        {
            lock (_gate)
                return _next - _first == window;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _next == _first;
        }
    }

    /// <param name="end">Of the event, in the spool.</param>
    /// <returns>Its number.</returns>
    public long Add(long end)
    {
        lock (_gate)
        {
            _ends[_next % window] = end;
            _answered[_next % window] = false;
            return _next++;
        }
    }

    public void Answered(long number)
    {
        lock (_gate)
        {
            if (number < _first || number >= _next)
                return;
            _answered[number % window] = true;
            for (; _first < _next && _answered[_first % window]; _first++, _count++)
                Frontier = _ends[_first % window];
        }
    }

    public void Fail(string why)
    {
        lock (_gate)
            Failure ??= why;
    }

    /// <summary>How many were answered for since the last time it was asked.</summary>
    public long TakeCount()
    {
        lock (_gate)
        {
            var count = _count;
            _count = 0;
            return count;
        }
    }
}
