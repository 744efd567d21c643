using System.Collections.Immutable;
using System.Globalization;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Akira.Core.Voice;

namespace Akira.Responder.Demo;

/// <summary>
/// A voice platform that exists only as numbers: calls of several customers over several trunks, as records like those
/// of a real one (their <c>node</c> says <see cref="Node"/>), and the samples its probes would take. The same seed, start
/// and sequence of calls give the same records. Not safe for threads.
/// </summary>
/// <param name="start">When the first call may come; a start in the past fills the windows at once.</param>
public sealed class SyntheticCalls(int seed, DateTimeOffset start, double callsPerSecond = 5)
{
    /// <summary>What marks a record as made up.</summary>
    public const string Node = "synthetic";

    /// <summary>The service that the fault <c>signaling</c> stops.</summary>
    public const string SipServer = "kamailio";

    /// <summary>What can be broken, and what then happens.</summary>
    public static readonly ImmutableSortedDictionary<string, string> Faults = new Dictionary<string, string>
    {
        ["asr"] = $"the trunk {FailingTrunk} answers 503",
        ["pdd"] = "calls take six seconds to ring, and callers give up",
        ["signaling"] = "the SIP server is down: no call gets through",
        ["cdr"] = "the CDR worker stalls: records pile up in the stream",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private const string FailingTrunk = "carrier-milano";

    private static readonly Choice[] Customers =
    [
        new("alba-telecom", 0.4),
        new("brenta-voice", 0.25),
        new("clinica-dora", 0.15),
        new("etna-support", 0.12),
        new("farmacia-gavi", 0.08),
    ];

    private static readonly Choice[] Trunks =
    [
        new("carrier-torino", 0.45),
        new(FailingTrunk, 0.35),
        new("carrier-wien", 0.2),
    ];

    /// <summary>Numbers reserved for fiction where a plan has them, and a price a minute in EUR.</summary>
    private static readonly (Choice Prefix, decimal Rate)[] Destinations =
    [
        (new("+393", 0.5), 0.039m),
        (new("+390", 0.3), 0.009m),
        (new("+447700900", 0.1), 0.021m),
        (new("+1202555", 0.06), 0.012m),
        (new("+4315550", 0.04), 0.018m),
    ];

    private static readonly Choice[] Fates =
    [
        new("answered", 0.965),
        new("busy", 0.010),
        new("no answer", 0.010),
        new("cancelled", 0.006),
        new("no such number", 0.004),
        new("failed", 0.005),
    ];

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<CallRecord, DateTimeOffset> _events = new();
    private readonly Queue<CallRecord> _stream = [];
    private DateTimeOffset _nextInvite = start;
    private DateTimeOffset _advancedTo = start;
    private readonly long _epoch = start.ToUnixTimeSeconds();
    private long _sequence;

    /// <summary>The fault in force; null when all is well.</summary>
    public string? Fault { get; private set; }

    /// <returns>False when there is no such fault.</returns>
    public bool Break(string fault, DateTimeOffset now)
    {
        if (!Faults.ContainsKey(fault))
            return false;
        RunTo(now);
        Fault = fault;
        return true;
    }

    public void Heal(DateTimeOffset now)
    {
        RunTo(now);
        Fault = null;
    }

    /// <summary>The records that reach the reader by <paramref name="now"/> and have not before, in order.</summary>
    public ImmutableArray<CallRecord> Advance(DateTimeOffset now)
    {
        RunTo(now);
        if (Fault == "cdr")
            return [];
        ImmutableArray<CallRecord> records = [.. _stream];
        _stream.Clear();
        return records;
    }

    /// <summary>What probes of this platform would see: every service's <c>up</c>, and the state of the CDR pipeline.</summary>
    public ImmutableArray<Sample> Samples(Platform platform, DateTimeOffset now)
    {
        RunTo(now);
        var services = platform
            .Services.Where(s => s.Name != SipServer)
            .Select(s => (s.Name, Signals: s.Subsystem.Equals("signaling", StringComparison.OrdinalIgnoreCase)))
            .Prepend((Name: SipServer, Signals: true));
        var samples = services.Select(s => Sample.Of($"{s.Name}.up", Fault == "signaling" && s.Signals ? 0 : 1, now));

        var backlog = Fault == "cdr" ? _stream.Count : 0;
        var age = backlog == 0 ? TimeSpan.Zero : now - _stream.Peek().EmittedAt!.Value;
        return
        [
            .. samples,
            Sample.Of("cdr.backlog", backlog, now),
            Sample.Of("cdr.backlog_age", age.TotalSeconds, now),
            Sample.Of("cdr.loss_in", LossIn(backlog, age).TotalSeconds, now),
            Sample.Of("cdr.gaps", 0, now),
        ];
    }

    /// <summary>The stream holds what an hour of calls writes. At the rate seen so far, how long until it is full?</summary>
    private TimeSpan LossIn(int backlog, TimeSpan age)
    {
        var limit = callsPerSecond * 2 * 3600;
        var never = TimeSpan.FromDays(7);
        if (backlog == 0 || age <= TimeSpan.Zero)
            return never;
        var left = Math.Max(0, limit - backlog) / (backlog / age.TotalSeconds);
        return left < never.TotalSeconds ? TimeSpan.FromSeconds(left) : never;
    }

    private void RunTo(DateTimeOffset now)
    {
        if (now <= _advancedTo)
            return;
        for (; _nextInvite <= now; _nextInvite += Exponential(1 / callsPerSecond))
            if (Fault != "signaling")
                Call(_nextInvite);
        // A SIP server that is down writes nothing. What should have ended meanwhile is found ended when it is back.
        while (Fault != "signaling" && _events.TryPeek(out var record, out var at) && at <= now)
        {
            _events.Dequeue();
            _stream.Enqueue(record with { NodeSeq = ++_sequence });
        }
        _advancedTo = now;
    }

    private void Call(DateTimeOffset invited)
    {
        var (prefix, rate) = Destinations[Pick(Destinations, d => d.Prefix.Weight)];
        var milliseconds = invited.ToUnixTimeMilliseconds();
        var call = new CallRecord
        {
            Version = 1,
            Type = CallRecordType.Setup,
            CallUid = string.Create(
                CultureInfo.InvariantCulture,
                $"{milliseconds:x12}{_random.NextInt64(1L << 40):x10}{_random.NextInt64(1L << 40):x10}"
            ),
            Leg = 0,
            Attempt = 1,
            IsLast = true,
            CallId = string.Create(CultureInfo.InvariantCulture, $"{_random.NextInt64(1L << 48):x}@synthetic.invalid"),
            FromTag = string.Create(CultureInfo.InvariantCulture, $"{_random.Next():x}"),
            Node = Node,
            NodeEpoch = _epoch,
            InvitedAt = Whole(invited),
            Customer = Customers[Pick(Customers, c => c.Weight)].Name,
            TrunkIn = "customers",
            TrunkOut = Trunks[Pick(Trunks, t => t.Weight)].Name,
            Source = "+39055" + Digits(7),
            Destination = prefix.Name + Digits(13 - prefix.Name.Length),
            ConfigVersion = "synthetic-1",
            Rate = rate,
            Currency = "EUR",
        };
        var fate = Fates[Pick(Fates, f => f.Weight)].Name;
        if (Fault == "asr" && call.TrunkOut == FailingTrunk && _random.NextDouble() < 0.95)
            fate = "failed";

        var ringing = invited + LogNormal(Fault == "pdd" ? 6.5 : 0.9, 0.3);
        var patience = invited + LogNormal(14, 0.4);
        switch (fate)
        {
            case "failed":
                Finish(call, invited + LogNormal(0.15, 0.4), 503, q850: 41, origin: "remote");
                break;
            case "no such number":
                Finish(call, invited + LogNormal(0.4, 0.4), 404, q850: 1, origin: "remote");
                break;
            case var _ when ringing > patience:
                Finish(call, patience, 487, q850: null, origin: "local");
                break;
            case "busy":
                Finish(call, ringing, 486, q850: 17, origin: "remote");
                break;
            case "no answer":
                Finish(call with { RangAt = Whole(ringing) }, ringing + LogNormal(40, 0.2), 480, 19, "remote");
                break;
            case "cancelled":
                Finish(call with { RangAt = Whole(ringing) }, ringing + LogNormal(15, 0.4), 487, null, "local");
                break;
            default:
                Answer(call with { RangAt = Whole(ringing) }, ringing + LogNormal(6, 0.5));
                break;
        }
    }

    private void Answer(CallRecord ringing, DateTimeOffset answered)
    {
        var call = ringing with { AnsweredAt = Whole(answered), ToTag = "callee" };
        Finish(call, answered, 200, q850: null, origin: "remote");
        var ended = answered + Exponential(170);
        Emit(
            call with
            {
                Type = CallRecordType.End,
                FinalAt = Whole(answered),
                SipCode = 200,
                EndedAt = Whole(ended),
                Q850 = 16,
                DisconnectBy = _random.NextDouble() < 0.6 ? "caller" : "callee",
            },
            ended
        );
    }

    private void Finish(CallRecord call, DateTimeOffset final, int code, int? q850, string origin) =>
        Emit(call with { FinalAt = Whole(final), SipCode = code, Q850 = q850, CodeOrigin = origin }, final);

    private void Emit(CallRecord record, DateTimeOffset at) =>
        _events.Enqueue(record with { EmittedAt = Whole(at) }, at);

    /// <summary>To the microsecond, as records carry it.</summary>
    private static DateTimeOffset Whole(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    private int Pick<T>(T[] choices, Func<T, double> weight)
    {
        var left = _random.NextDouble() * choices.Sum(weight);
        for (var i = 0; i < choices.Length - 1; i++)
            if ((left -= weight(choices[i])) < 0)
                return i;
        return choices.Length - 1;
    }

    private string Digits(int count) =>
        string.Create(
            count,
            _random,
            static (span, random) =>
            {
                foreach (ref var c in span)
                    c = (char)('0' + random.Next(10));
            }
        );

    private TimeSpan Exponential(double mean) => TimeSpan.FromSeconds(-mean * Math.Log(1 - _random.NextDouble()));

    /// <summary>Delays between people and machines are skewed: log-normal, in seconds.</summary>
    private TimeSpan LogNormal(double median, double sigma)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return TimeSpan.FromSeconds(median * Math.Exp(sigma * normal));
    }

    private readonly record struct Choice(string Name, double Weight);
}
