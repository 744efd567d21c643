using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Akira.Scenarios.Real;

/// <summary>The responder is killed in the middle of its work, again and again.</summary>
public sealed partial class KillTests
{
    private const int Kills = 50;
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly ConcurrentBag<int> _alerts = [];
    private readonly ConcurrentBag<string> _notes = [];
    private int _number;

    [Fact]
    public async Task After_fifty_kills_nothing_acknowledged_is_lost_and_at_most_the_page_in_flight_is_repeated()
    {
        await using var sink = await PageSink.Start();
        using var responder = new ResponderProcess(sink.Url);
        var moments = new Random(20260301);
        for (var kill = 0; kill < Kills; kill++)
        {
            sink.Life = kill;
            await responder.Start(_cancel);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
            var traffic = new[]
            {
                Alerts(responder, stop.Token),
                Alerts(responder, stop.Token),
                Notes(responder, stop.Token),
            };
            await Task.Delay(TimeSpan.FromMilliseconds(moments.Next(5, 400)), TimeProvider.System, _cancel);
            responder.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(traffic);
        }

        sink.Life = Kills;
        await responder.Start(_cancel);
        var log = await WholeLog(responder);
        var pages = log.Where(e => e.Kind == "paged").Select(e => e.Key).ToList();
        for (var tries = 0; tries < 300 && !pages.All(sink.Deliveries.ContainsKey); tries++)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _cancel);

        Assert.True(
            _alerts.Count > Kills && _notes.Count > Kills,
            $"too little was going on: {_alerts.Count}, {_notes.Count}"
        );
        var recorded = log.SelectMany(e => Mark().Matches(e.Json)).Select(m => m.Value).ToHashSet();
        Assert.DoesNotContain(_alerts, n => !recorded.Contains($"probe-{n}."));
        Assert.DoesNotContain(_notes, note => !recorded.Contains(note));
        Assert.DoesNotContain(pages, page => !sink.Deliveries.ContainsKey(page));
        var repeats = sink.Deliveries.Values.SelectMany(lives => lives.Skip(1)).ToList();
        Assert.Equal(repeats.Distinct(), repeats); // after each kill one at most: the one that was in flight
        Assert.All(
            log.GroupBy(e => e.Incident),
            incident => Assert.Equal(Enumerable.Range(1, incident.Count()), incident.Select(e => e.Seq))
        );
    }

    /// <summary>One new alert after another, each tenth of a subsystem of its own, so that incidents keep opening.</summary>
    private async Task Alerts(ResponderProcess responder, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var n = Interlocked.Increment(ref _number);
            var labels = new Dictionary<string, string>
            {
                ["alertname"] = "Probe",
                ["probe"] = $"probe-{n}.",
                ["severity"] = "critical",
                ["subsystem"] = n % 10 == 0 ? $"part {n}" : "signaling",
            };
            if (await Accepted(() => responder.PostAlert(new { labels }, stop)))
                _alerts.Add(n);
        }
    }

    private async Task Notes(ResponderProcess responder, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var note = $"note {Interlocked.Increment(ref _number)}.";
            if (await Accepted(() => responder.Say("INC-1", $"/log {note}", stop)))
                _notes.Add(note);
        }
    }

    /// <summary>Whether the responder said 200 before it was killed.</summary>
    private static async Task<bool> Accepted(Func<Task<HttpResponseMessage>> post)
    {
        try
        {
            using var answer = await post();
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<List<Logged>> WholeLog(ResponderProcess responder)
    {
        var whole = new List<Logged>();
        foreach (var id in await responder.Incidents(_cancel))
        foreach (var entry in (await responder.Get($"/api/incidents/{id}/log", _cancel)).EnumerateArray())
            whole.Add(
                new Logged(
                    id,
                    entry.GetProperty("seq").GetInt32(),
                    entry.GetProperty("kind").GetString()!,
                    entry.GetRawText()
                )
            );
        return whole;
    }

    [GeneratedRegex(@"(probe-|note )\d+\.")]
    private static partial Regex Mark();

    private sealed record Logged(string Incident, int Seq, string Kind, string Json)
    {
        public string Key => $"{Incident}/{Seq}";
    }
}
