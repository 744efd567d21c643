using System.Globalization;

namespace Akira.Lab.Tests;

public class CallTests
{
    private const int Rate = 300;
    private const int Calls = Rate * 60;

    [Fact]
    public async Task For_a_minute_at_300_calls_a_second_none_fails_and_each_has_its_records()
    {
        var start = await Database("SELECT extract(epoch FROM now())");
        var load = await Machine.Paste(
            $"""
            ssh akira-sipp-01-staging '
              cd /opt/akira/sipp
              rm -f /tmp/calls.errors
              sipp akira-sip-01-staging:5060 -sf smoke_e2e_single.xml -inf smoke_target.csv -i 10.77.0.41 -nostdin \
                -r {Rate} -m {Calls} -l 5000 -timeout 150 -timeout_error \
                -trace_err -error_file /tmp/calls.errors >/tmp/calls.screen 2>&1
              ended=$?
              if [ $ended != 0 ]; then tail -n 40 /tmp/calls.screen; head -c 4000 /tmp/calls.errors; fi
              exit $ended'
            """,
            TimeSpan.FromMinutes(4)
        );
        // SIPp ends with 0 only when every call was answered and hung up.
        Assert.True(load.ExitCode == 0, $"sipp ended with {load.ExitCode}: {load.Output}");

        Assert.Equal(Calls, await Records("setup", start));
        Assert.Equal(Calls, await Records("end", start));
    }

    [Fact]
    public async Task Background_calls_rise_fall_and_stop_as_told()
    {
        Assert.Equal(0, (await Machine.Lab("traffic", "20")).ExitCode);
        var busy = await Attempts(TimeSpan.FromSeconds(10));
        Assert.Equal(0, (await Machine.Lab("traffic", "0")).ExitCode);
        await Task.Delay(TimeSpan.FromSeconds(12), TimeProvider.System); // SIPp counts in spans of ten seconds
        var quiet = await Attempts(TimeSpan.FromSeconds(10));
        Assert.Equal(0, (await Machine.Lab("traffic", "2")).ExitCode);

        Assert.InRange(busy, 10 * 20 * 0.6, 10 * 20 * 1.4);
        Assert.Equal(0, quiet);
    }

    [Fact]
    public async Task A_rate_that_is_no_number_is_refused()
    {
        var answer = await Machine.Lab("traffic", "5; reboot");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("a number of calls", answer.Output, StringComparison.Ordinal);
    }

    /// <summary>Waits until no more come: the worker is behind the calls.</summary>
    private static async Task<int> Records(string type, string since)
    {
        for (var (before, left) = (-1, 30); left > 0; left--)
        {
            var count = await Count($"type = '{type}' AND t_invite >= to_timestamp({since}) AND customer = 'pilot'");
            if (count == before)
                return count;
            before = count;
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        }
        throw new InvalidOperationException("records have not stopped coming");
    }

    /// <summary>Those that began meanwhile; the records of earlier ones may still be under way.</summary>
    private static async Task<int> Attempts(TimeSpan during)
    {
        var from = await Database("SELECT extract(epoch FROM now())");
        await Task.Delay(during, TimeProvider.System);
        var to = await Database("SELECT extract(epoch FROM now())");
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System); // until those that rang for long are on record
        return await Count(
            $"type = 'setup' AND customer <> 'pilot' AND t_invite >= to_timestamp({from}) AND t_invite < to_timestamp({to})"
        );
    }

    private static async Task<int> Count(string where) =>
        int.Parse(await Database($"SELECT count(*) FROM cdr WHERE {where}"), CultureInfo.InvariantCulture);

    private static async Task<string> Database(string query)
    {
        var answer = await Machine.Paste(
            $"ssh akira-db-01-staging \"sudo -u postgres psql -qAtd akira -c \\\"{query}\\\"\""
        );
        Assert.True(answer.ExitCode == 0, answer.Output);
        return answer.Output.Trim();
    }
}
