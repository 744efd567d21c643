namespace Akira.Voice.Backend.Access;

/// <summary>A name that fails again and again waits before it may try once more: a password is not found by trying.</summary>
internal sealed class FailedLogins(TimeProvider time)
{
    private const int Free = 5;
    private const int MostNames = 10_000;
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);

    private readonly Lock _changing = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset Last)> _names = [];

    /// <summary>How long this name has to wait; zero: it may try.</summary>
    public TimeSpan WaitOf(string name)
    {
        lock (_changing)
            return _names.TryGetValue(name, out var was) && was.Failures >= Free && was.Last + Wait > time.GetUtcNow()
                ? was.Last + Wait - time.GetUtcNow()
                : TimeSpan.Zero;
    }

    public void Failed(string name)
    {
        var now = time.GetUtcNow();
        lock (_changing)
        {
            if (_names.Count >= MostNames)
                foreach (var old in _names.Where(n => n.Value.Last + Wait < now).Select(n => n.Key).ToList())
                    _names.Remove(old);
            var failures = _names.TryGetValue(name, out var was) && was.Last + Forgotten > now ? was.Failures : 0;
            _names[name] = (failures + 1, now);
        }
    }

    public void Succeeded(string name)
    {
        lock (_changing)
            _names.Remove(name);
    }
}
