using System.Runtime.CompilerServices;

namespace Akira.Core.Voice;

/// <summary>The calls of one stretch of time and one scope, counted. Every figure is a sum over these few numbers.</summary>
public sealed class Tally
{
    private Counts _kinds;
    private DelayHistogram _postDialDelay;
    private int _ended;
    private long _talkTicks;

    public int Attempts => Sum(static (_, _) => true);

    public int Seizures => Sum(static (_, seized) => seized);

    /// <summary>Of all attempts: only a trunk answers, but a record may leave it out.</summary>
    public int Answered => Sum(static (kind, _) => kind == SetupKind.Answered);

    public int Delivered => Sum(static (kind, seized) => seized && kind.Outcome.IsDelivered());

    /// <summary>What NER is a share of: seizures, without those given up too early to tell.</summary>
    public int Judged => Seizures - Sum(static (kind, seized) => seized && kind == SetupKind.AbandonedEarly);

    public bool IsEmpty => Attempts == 0 && _ended == 0;

    internal void AddSetup(Classified setup)
    {
        _kinds[setup.Slot]++;
        if (setup.Delay is { } delay)
            _postDialDelay.Add(delay);
    }

    internal void AddEnd(TimeSpan talked)
    {
        _ended++;
        _talkTicks += talked.Ticks;
    }

    /// <summary>Counts a setup or an end, whose time and scope are the caller's matter.</summary>
    public void Add(CallRecord record)
    {
        if (record.Type == CallRecordType.Setup)
            AddSetup(Classified.Of(record));
        else if (record.Type == CallRecordType.End)
            AddEnd(record.EndedAt - record.AnsweredAt ?? TimeSpan.Zero);
    }

    public void Add(Tally other)
    {
        AddCounts(other);
        _postDialDelay.Add(other._postDialDelay);
    }

    /// <summary>All but the delays, which cost more to add than everything else together.</summary>
    internal void AddCounts(Tally other)
    {
        for (var i = 0; i < Counts.Length; i++)
            _kinds[i] += other._kinds[i];
        _ended += other._ended;
        _talkTicks += other._talkTicks;
    }

    /// <summary>Forgets all, and keeps its room.</summary>
    internal void Clear()
    {
        _kinds = default;
        _postDialDelay.Clear();
        (_ended, _talkTicks) = (0, 0);
    }

    public Kpis Over(TimeSpan window)
    {
        var (attempts, seizures, answered) = (Attempts, Seizures, Answered);
        var redirected = Sum(static (kind, _) => kind == SetupKind.Redirected);
        return new()
        {
            WindowMinutes = window.TotalMinutes,
            Attempts = attempts,
            Seizures = seizures,
            Answered = answered,
            Asr = Measure.Ratio(Sum(static (kind, seized) => seized && kind == SetupKind.Answered), seizures),
            Ner = Measure.Ratio(Delivered, Judged),
            Seer = Measure.Ratio(Sum(static (kind, _) => kind.IsEffective), attempts - redirected),
            Ser = Measure.Ratio(answered, attempts - redirected),
            Isa = Measure.Ratio(Sum(static (kind, _) => kind == SetupKind.Ineffective), attempts),
            Unallocated = Measure.Ratio(
                Sum(static (kind, seized) => seized && kind == SetupKind.Unallocated),
                seizures
            ),
            PddP50 = _postDialDelay.Quantile(0.5),
            PddP95 = _postDialDelay.Quantile(0.95),
            Acd = _ended == 0 ? default : new(TimeSpan.FromTicks(_talkTicks).TotalSeconds / _ended, _ended, null, null),
        };
    }

    /// <summary>The counts as the history keeps them: each slot, then ended calls and their talk in seconds.</summary>
    internal IEnumerable<long> Numbers()
    {
        for (var i = 0; i < Counts.Length; i++)
            yield return _kinds[i];
        yield return _ended;
        yield return (long)TimeSpan.FromTicks(_talkTicks).TotalSeconds;
    }

    internal static Tally Of(ReadOnlySpan<long> numbers)
    {
        var tally = new Tally();
        for (var i = 0; i < Counts.Length; i++)
            tally._kinds[i] = (int)numbers[i];
        tally._ended = (int)numbers[Counts.Length];
        tally._talkTicks = TimeSpan.FromSeconds(numbers[Counts.Length + 1]).Ticks;
        return tally;
    }

    internal const int NumberCount = Counts.Length + 2;

    private int Sum(Func<SetupKind, bool, bool> counts)
    {
        var sum = 0;
        for (var slot = 0; slot < Counts.Length; slot++)
            if (_kinds[slot] != 0 && counts((SetupKind)(slot % SetupKinds.Count), slot >= SetupKinds.Count))
                sum += _kinds[slot];
        return sum;
    }

    /// <summary>By kind: attempts that reached no trunk, and after those the ones that did.</summary>
    [InlineArray(Length)]
    private struct Counts
    {
        public const int Length = 2 * SetupKinds.Count;
        private int _first;
    }

    /// <summary>What a setup adds to each tally it belongs to: worked out once.</summary>
    /// <param name="Slot">Its kind, and whether it was a seizure.</param>
    /// <param name="Delay">Its post-dial delay as <see cref="DelayHistogram"/> codes it.</param>
    internal readonly record struct Classified(int Slot, ushort? Delay)
    {
        public static Classified Of(CallRecord setup)
        {
            var kind = SetupKinds.Of(setup);
            var slot = (int)kind + (setup.TrunkOut is null ? 0 : SetupKinds.Count);
            if (Outcomes.PostDialDelay(setup) is { } delay)
                return new(slot, DelayHistogram.CodeOf(delay, censored: false));
            // The caller hung up before ringing: had it been quick, they would have heard it ring.
            return setup is { SipCode: 487, FinalAt: { } cancelled, InvitedAt: { } invited }
                ? new(slot, DelayHistogram.CodeOf(cancelled - invited, censored: true))
                : new(slot, null);
        }
    }
}
