using System.Text.Json;

namespace Akira.Scenarios.Real;

/// <summary>Debian's Prometheus with the responder as its Alertmanager, watching a real process. See docs/prometheus.md.</summary>
public sealed class PrometheusTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akira-prometheus-");
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_stops_opens_an_incident_and_its_return_clears_the_symptom()
    {
        DebianPackage.Require("prometheus", "prometheus");
        using var responder = new ResponderProcess();
        await responder.Start(_cancel);
        var watchedPort = RealProcess.FreePort();
        var watched = await Watched(watchedPort);
        var prometheusPort = RealProcess.FreePort();
        using var prometheus = Prometheus(prometheusPort, Config(responder.Port, watchedPort), "prometheus");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{prometheusPort}") };
        await prometheus.Ready(client, "/-/ready", _cancel);
        await Until("Prometheus sees the process", async () => await Value(client, "up{job=\"kamailio\"}") == 1);
        Assert.Empty(await responder.Incidents(_cancel));

        watched.Dispose();

        await Until("an incident opens", async () => (await responder.Incidents(_cancel)).Count == 1);
        var incident = await responder.Get("/api/incidents/INC-1", _cancel);
        Assert.Equal("SEV1", incident.GetProperty("severity").GetString());
        Assert.Equal("signaling", incident.GetProperty("subsystem").GetString());
        Assert.Contains("kamailio", incident.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.False(Symptom(incident));

        // Prometheus re-sends a firing alert each second here: none of that is news.
        var sentBefore = await Sent(client);
        var newsBefore = News(await Log(responder));
        await Until("Prometheus has sent it three times more", async () => await Sent(client) >= sentBefore + 3);
        Assert.Equal(newsBefore, News(await Log(responder)));
        Assert.Single(await responder.Incidents(_cancel));

        using var back = await Watched(watchedPort);

        await Until("the symptom is gone", async () => Symptom(await responder.Get("/api/incidents/INC-1", _cancel)));
        Assert.Contains("alerts-ended", Kinds(await Log(responder)));
        Assert.Single(await responder.Incidents(_cancel));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The process that is watched: another Prometheus, which serves its own metrics as an exporter would.</summary>
    private async Task<RealProcess> Watched(int port)
    {
        var process = Prometheus(port, "scrape_configs: []", "watched");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await process.Ready(client, "/-/ready", _cancel);
        return process;
    }

    private RealProcess Prometheus(int port, string config, string name)
    {
        var file = Path.Combine(_folder.FullName, $"{name}.yml");
        File.WriteAllText(file, config);
        return new RealProcess(
            "prometheus",
            [
                $"--config.file={file}",
                $"--storage.tsdb.path={Path.Combine(_folder.FullName, name)}",
                $"--web.listen-address=127.0.0.1:{port}",
                "--rules.alert.resend-delay=1s",
                "--log.level=error",
            ]
        );
    }

    private string Config(int responderPort, int watchedPort)
    {
        var rules = Path.Combine(_folder.FullName, "rules.yml");
        File.WriteAllText(
            rules,
            """
            groups:
              - name: voice
                rules:
                  - alert: KamailioDown
                    expr: up{job="kamailio"} == 0
                    labels:
                      severity: critical
                    annotations:
                      summary: kamailio does not answer on {{ $labels.instance }}
            """
        );
        return $"""
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: ['{rules}']
            alerting:
              alertmanagers:
                - static_configs:
                    - targets: ['127.0.0.1:{responderPort}']
            scrape_configs:
              - job_name: kamailio
                static_configs:
                  - targets: ['127.0.0.1:{watchedPort}']
            """;
    }

    private async Task<double?> Value(HttpClient client, string query)
    {
        var path = new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative);
        using var answer = JsonDocument.Parse(await client.GetStringAsync(path, _cancel));
        var series = answer.RootElement.GetProperty("data").GetProperty("result");
        return series.GetArrayLength() == 0
            ? null
            : double.Parse(
                series[0].GetProperty("value")[1].GetString()!,
                System.Globalization.CultureInfo.InvariantCulture
            );
    }

    /// <summary>How many alerts Prometheus has sent, by its own account.</summary>
    private async Task<double> Sent(HttpClient client)
    {
        const string metric = "prometheus_notifications_sent_total{";
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), _cancel);
        var line = metrics.Split('\n').Single(l => l.StartsWith(metric, StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private Task<JsonElement> Log(ResponderProcess responder) => responder.Get("/api/incidents/INC-1/log", _cancel);

    private static List<string> Kinds(JsonElement log) =>
        [.. log.EnumerateArray().Select(e => e.GetProperty("kind").GetString()!)];

    private static int News(JsonElement log) => Kinds(log).Count(k => k is "opened" or "alerts-fired" or "paged");

    private static bool Symptom(JsonElement incident) =>
        incident
            .GetProperty("gates")
            .EnumerateArray()
            .Single(g => g.GetProperty("name").GetString() == "symptom")
            .GetProperty("met")
            .GetBoolean();

    private async Task Until(string what, Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if (await holds())
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _cancel);
        }
        Assert.Fail($"waited 30 s until {what}");
    }
}
