using Akira.Core.Voice;
using Akira.Voice.Management;
using Npgsql;
using NpgsqlTypes;

namespace Akira.Voice.Backend.Traffic;

/// <summary>
/// The figures of each minute, computed from the call records and kept while they can hardly change: the newest minutes are read again each second,
/// older ones now and then, for records that come late. However many look, the database is read once.
/// </summary>
internal sealed class TrafficBook(NpgsqlDataSource database, BackendOptions options, TimeProvider time)
{
    public const int MostMinutes = 1440;

    private const int Fresh = 2; // minutes that still grow
    private const int Settling = 10;
    private static readonly TimeSpan LongestSetup = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(4);
    private static readonly TimeSpan Talking = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly Dictionary<long, ReadMinute> _minutes = [];
    private (DateTimeOffset At, DateTimeOffset? Newest, Dictionary<Scope, int> Calls)? _now;

    private sealed record ReadMinute(DateTimeOffset At, Dictionary<Scope, TrafficMinute> Figures);

    /// <param name="minutes">1 to <see cref="MostMinutes"/>.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<Management.Traffic> Of(Scope scope, int minutes, CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            var last = MinuteOf(now);
            await ReadStale(last - minutes + 1, last, now, cancel);
            foreach (var old in _minutes.Keys.Where(m => m <= last - MostMinutes).ToList())
                _minutes.Remove(old);
            if (_now is not { } known || now - known.At >= TimeSpan.FromSeconds(1))
                _now = known = (now, await Newest(now, cancel), await InProgress(now, cancel));
            return new(
                now,
                known.Newest,
                Math.Max(0, known.Calls.GetValueOrDefault(scope)),
                [
                    .. Enumerable
                        .Range(0, minutes)
                        .Select(i => last - minutes + 1 + i)
                        .Select(m => _minutes[m].Figures.GetValueOrDefault(scope) ?? Empty(m)),
                ],
                [
                    new("asr", options.Thresholds.AsrBelow, null, "SEV2"),
                    new("pddP95", null, options.Thresholds.PddP95Above, "SEV2"),
                ]
            );
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Stale minutes that lie together are read together.</summary>
    private async Task ReadStale(long first, long last, DateTimeOffset now, CancellationToken cancel)
    {
        for (var minute = first; minute <= last; minute++)
        {
            if (!IsStale(minute))
                continue;
            var end = minute;
            while (end < last && IsStale(end + 1))
                end++;
            await Read(minute, end, now, cancel);
            minute = end;
        }

        bool IsStale(long minute) =>
            !_minutes.TryGetValue(minute, out var known)
            || now - known.At
                >= (last - minute) switch
                {
                    < Fresh => TimeSpan.FromSeconds(1),
                    < Settling => TimeSpan.FromSeconds(15),
                    _ => TimeSpan.FromMinutes(5),
                };
    }

    private async Task Read(long first, long last, DateTimeOffset now, CancellationToken cancel)
    {
        var tallies = new Dictionary<(long Minute, Scope Scope), Tally>();
        await using var command = database.CreateCommand(
            """
            SELECT 'setup', t_invite, t_ring, t_early, t_answer, t_final, NULL::timestamptz, sip_code, q850, customer, trunk_out, is_last
            FROM cdr WHERE type = 'setup' AND t_invite >= $3 AND t_invite < $2 AND t_final >= $1 AND t_final < $2
            UNION ALL SELECT 'end', t_invite, NULL, NULL, t_answer, NULL, t_end, NULL, NULL, customer, trunk_out, is_last
            FROM cdr WHERE type = 'end' AND t_invite >= $4 AND t_end >= $1 AND t_end < $2
            """
        );
        foreach (
            var at in new[]
            {
                StartOf(first),
                StartOf(last + 1),
                StartOf(first) - LongestSetup,
                StartOf(first) - LongestCall,
            }
        )
            command.Parameters.Add(new() { Value = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using (var row = await command.ExecuteReaderAsync(cancel))
            while (await row.ReadAsync(cancel))
                Count(Record(row), tallies);
        for (var minute = first; minute <= last; minute++)
            _minutes[minute] = new(now, []);
        foreach (var ((minute, scope), tally) in tallies)
            _minutes[minute].Figures[scope] = Figures(minute, tally);
    }

    /// <summary>As the responder counts: platform and customer calls, trunks legs.</summary>
    private static void Count(CallRecord record, Dictionary<(long, Scope), Tally> tallies)
    {
        if (record.Type == CallRecordType.Setup && Outcomes.IsChallenge(record))
            return;
        var minute = MinuteOf(record.At);
        var isCall = record.IsLast is not false;
        if (isCall)
            Of(Scope.Platform).Add(record);
        if (isCall && record.Customer is { Length: > 0 } customer)
            Of(Scope.Customer(customer)).Add(record);
        if (record.TrunkOut is { Length: > 0 } trunk)
            Of(Scope.Trunk(trunk)).Add(record);

        Tally Of(Scope scope)
        {
            if (!tallies.TryGetValue((minute, scope), out var tally))
                tallies[(minute, scope)] = tally = new();
            return tally;
        }
    }

    private static CallRecord Record(NpgsqlDataReader row) =>
        new()
        {
            Type = row.GetString(0) == "setup" ? CallRecordType.Setup : CallRecordType.End,
            InvitedAt = Time(row, 1),
            RangAt = Time(row, 2),
            EarlyMediaAt = Time(row, 3),
            AnsweredAt = Time(row, 4),
            FinalAt = Time(row, 5),
            EndedAt = Time(row, 6),
            SipCode = row.IsDBNull(7) ? null : row.GetInt32(7),
            Q850 = row.IsDBNull(8) ? null : row.GetInt32(8),
            Customer = row.IsDBNull(9) ? null : row.GetString(9),
            TrunkOut = row.IsDBNull(10) ? null : row.GetString(10),
            IsLast = row.IsDBNull(11) ? null : row.GetBoolean(11),
        };

    private static TrafficMinute Figures(long minute, Tally tally)
    {
        var kpis = tally.Over(TimeSpan.FromMinutes(1));
        return new(
            StartOf(minute),
            kpis.Attempts,
            kpis.Seizures,
            kpis.Answered,
            kpis.Asr.Value,
            kpis.Ner.Value,
            kpis.PddP50.Value,
            kpis.PddP95.Value,
            kpis.Acd.Value
        );
    }

    private static TrafficMinute Empty(long minute) => new(StartOf(minute), 0, 0, 0, null, null, null, null, null);

    private async Task<DateTimeOffset?> Newest(DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT greatest(
                (SELECT t_final FROM cdr WHERE type = 'setup' AND t_invite <= $1 ORDER BY t_invite DESC LIMIT 1),
                (SELECT max(t_end) FROM cdr WHERE type = 'end' AND t_end <= $1))
            """
        );
        command.Parameters.Add(new() { Value = now.AddMinutes(1).UtcDateTime });
        return await command.ExecuteScalarAsync(cancel) is DateTime at ? new DateTimeOffset(at) : null;
    }

    /// <summary>Answered in the last hour, less those of them that ended: setup and end share their time of invitation.</summary>
    private async Task<Dictionary<Scope, int>> InProgress(DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT customer, trunk_out, is_last IS NOT FALSE, sum(n)::integer FROM (
                SELECT customer, trunk_out, is_last, count(*) AS n FROM cdr
                WHERE type = 'setup' AND t_invite >= $1 AND sip_code BETWEEN 200 AND 299 GROUP BY 1, 2, 3
                UNION ALL SELECT customer, trunk_out, is_last, -count(*) FROM cdr
                WHERE type = 'end' AND t_end >= $1 AND t_invite >= $1 GROUP BY 1, 2, 3) calls
            GROUP BY 1, 2, 3
            """
        );
        command.Parameters.Add(new() { Value = (now - Talking).UtcDateTime });
        var calls = new Dictionary<Scope, int>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var (isCall, n) = (row.GetBoolean(2), row.GetInt32(3));
            if (isCall)
                calls[Scope.Platform] = calls.GetValueOrDefault(Scope.Platform) + n;
            if (isCall && !row.IsDBNull(0))
                calls[Scope.Customer(row.GetString(0))] = calls.GetValueOrDefault(Scope.Customer(row.GetString(0))) + n;
            if (!row.IsDBNull(1))
                calls[Scope.Trunk(row.GetString(1))] = calls.GetValueOrDefault(Scope.Trunk(row.GetString(1))) + n;
        }
        return calls;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static long MinuteOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMinute;

    private static DateTimeOffset StartOf(long minute) => new(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
