namespace Akira.Core.Voice;

/// <summary>The calls of one stretch of time and one scope, counted.</summary>
internal sealed class Tally
{
    private readonly int[] _seizures = new int[Enum.GetValues<Outcome>().Length];
    private DelayHistogram? _postDialDelay;
    private int _attempts;
    private int _answered;
    private int _redirected;
    private int _effective;
    private int _ineffective;
    private int _ended;
    private TimeSpan _talk;

    public void AddSetup(CallRecord setup)
    {
        _attempts++;
        if (Outcomes.Of(setup) == Outcome.Answered)
            _answered++;
        if (setup.SipCode is >= 300 and < 400)
            _redirected++;
        if (setup.SipCode is (>= 200 and < 300) or 480 or 486 or 600 or 603)
            _effective++;
        if (setup.SipCode is 408 or 500 or 503 or 504)
            _ineffective++;
        if (setup.TrunkOut is not null)
            _seizures[(int)Outcomes.Of(setup)]++;

        if (Outcomes.PostDialDelay(setup) is { } delay)
            (_postDialDelay ??= new()).Add(delay);
        else if (setup is { SipCode: 487, FinalAt: { } cancelled, InvitedAt: { } invited })
            // The caller hung up before ringing: had it been quick, they would have heard it ring.
            (_postDialDelay ??= new()).AddCensored(cancelled - invited);
    }

    public void AddEnd(CallRecord end)
    {
        _ended++;
        _talk += end.EndedAt - end.AnsweredAt ?? TimeSpan.Zero;
    }

    public void Add(Tally other)
    {
        for (var i = 0; i < _seizures.Length; i++)
            _seizures[i] += other._seizures[i];
        if (other._postDialDelay is { } delays)
            (_postDialDelay ??= new()).Add(delays);
        _attempts += other._attempts;
        _answered += other._answered;
        _redirected += other._redirected;
        _effective += other._effective;
        _ineffective += other._ineffective;
        _ended += other._ended;
        _talk += other._talk;
    }

    public Kpis Over(TimeSpan window)
    {
        var seizures = _seizures.Sum();
        var answered = _seizures[(int)Outcome.Answered];
        var delivered = 0;
        foreach (var outcome in Enum.GetValues<Outcome>())
            delivered += outcome.IsDelivered() ? _seizures[(int)outcome] : 0;
        return new()
        {
            WindowMinutes = window.TotalMinutes,
            Attempts = _attempts,
            Seizures = seizures,
            Answered = answered,
            Asr = Measure.Ratio(answered, seizures),
            Ner = Measure.Ratio(delivered, seizures - _seizures[(int)Outcome.AbandonedEarly]),
            Seer = Measure.Ratio(_effective, _attempts - _redirected),
            Ser = Measure.Ratio(_answered, _attempts - _redirected),
            Isa = Measure.Ratio(_ineffective, _attempts),
            Unallocated = Measure.Ratio(_seizures[(int)Outcome.Unallocated], seizures),
            PddP50 = _postDialDelay?.Quantile(0.5) ?? default,
            PddP95 = _postDialDelay?.Quantile(0.95) ?? default,
            Acd = _ended == 0 ? default : new(_talk.TotalSeconds / _ended, _ended, null, null),
        };
    }
}
