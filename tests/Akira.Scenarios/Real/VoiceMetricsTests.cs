using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Akira.Core.Voice;

namespace Akira.Scenarios.Real;

/// <summary>What <c>deploy/</c> has, tried out: Debian's Prometheus scrapes a responder that counts real records.</summary>
public sealed partial class VoiceMetricsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akira-metrics-");
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_of_the_dashboard_returns_data_and_every_rule_is_healthy()
    {
        DebianPackage.Require("prometheus", "prometheus");
        using var responder = new ResponderProcess();
        await responder.Start(_cancel);
        var port = RealProcess.FreePort();
        var config = Path.Combine(_folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(
            config,
            $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ['{{Deployed("prometheus/akira-voice.rules.yml")}}']
            scrape_configs:
              - job_name: akira
                static_configs: [{targets: ['127.0.0.1:{{responder.Port}}']}]
            """,
            _cancel
        );
        using var prometheus = new RealProcess(
            "prometheus",
            [
                $"--config.file={config}",
                $"--storage.tsdb.path={Path.Combine(_folder.FullName, "data")}",
                $"--web.listen-address=127.0.0.1:{port}",
                "--log.level=error",
            ]
        );
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await prometheus.Ready(client, "/-/ready", _cancel);
        var empty = new List<string>();
        for (var tries = 0; tries < 60; tries++)
        {
            await Calls(responder, tries);
            await Alert(responder);
            empty.Clear();
            foreach (var query in Queries())
                if (!await HasData(client, query))
                    empty.Add(query);
            if (empty.Count == 0 && await Unhealthy(client) == 0)
                break;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _cancel);
        }

        Assert.Empty(empty);
        Assert.Equal(0, await Unhealthy(client));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Each of the dashboard's, and what each alert compares.</summary>
    private static IEnumerable<string> Queries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Deployed("grafana/akira-voice.json")));
        string[] shown =
        [
            .. dashboard
                .RootElement.GetProperty("panels")
                .EnumerateArray()
                .SelectMany(p => p.GetProperty("targets").EnumerateArray())
                .Select(t => t.GetProperty("expr").GetString()!),
        ];
        Assert.True(shown.Length >= 16);
        var ruled = File.ReadLines(Deployed("prometheus/akira-voice.rules.yml"))
            .Select(l => l.Trim())
            .Where(l => l.StartsWith("expr: ", StringComparison.Ordinal))
            .SelectMany(l => l[6..].Split(" and "))
            .Select(l => Comparison().Replace(l, ""));
        return shown.Concat(ruled);
    }

    private async Task<bool> HasData(HttpClient client, string query)
    {
        using var answer = JsonDocument.Parse(
            await client.GetStringAsync(
                new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative),
                _cancel
            )
        );
        return answer
            .RootElement.GetProperty("data")
            .GetProperty("result")
            .EnumerateArray()
            .Any(s =>
                double.IsFinite(double.Parse(s.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))
            );
    }

    private async Task<int> Unhealthy(HttpClient client)
    {
        using var answer = JsonDocument.Parse(
            await client.GetStringAsync(new Uri("/api/v1/rules", UriKind.Relative), _cancel)
        );
        var rules = answer
            .RootElement.GetProperty("data")
            .GetProperty("groups")
            .EnumerateArray()
            .SelectMany(g => g.GetProperty("rules").EnumerateArray())
            .ToList();
        Assert.NotEmpty(rules);
        return rules.Count(r => r.GetProperty("health").GetString() != "ok");
    }

    /// <summary>The same each time: it fires once, and is sent again.</summary>
    private async Task Alert(ResponderProcess responder)
    {
        var alert = new[]
        {
            new
            {
                labels = new
                {
                    alertname = "tried",
                    severity = "info",
                    subsystem = "Vault",
                },
            },
        };
        (await responder.Client.PostAsJsonAsync("/api/v2/alerts", alert, _cancel)).EnsureSuccessStatusCode();
    }

    /// <summary>A hundred calls that end as they begin to be talked.</summary>
    private async Task Calls(ResponderProcess responder, int round)
    {
        var now = TimeProvider.System.GetUtcNow();
        var setups = Enumerable
            .Range(0, 100)
            .Select(i => new CallRecord
            {
                Version = 1,
                Type = CallRecordType.Setup,
                CallUid = $"metrics-{round}-{i}",
                InvitedAt = now.AddSeconds(-3),
                RangAt = now.AddSeconds(-2),
                AnsweredAt = i % 10 == 0 ? null : now.AddSeconds(-1),
                FinalAt = now.AddSeconds(-1),
                EmittedAt = now,
                SipCode = i % 10 == 0 ? 503 : 200,
                TrunkOut = "t1",
                Customer = "acme",
                Destination = "+393331234567",
            })
            .ToList();
        var ends = setups
            .Where(s => s.SipCode == 200)
            .Skip(1)
            .Select(s => s with { Type = CallRecordType.End, EndedAt = now });
        using var content = new StringContent(
            Encoding.UTF8.GetString(CallRecords.Write(setups.Concat(ends))),
            Encoding.UTF8,
            "application/x-ndjson"
        );
        (
            await responder.Client.PostAsync(new Uri("/api/calls", UriKind.Relative), content, _cancel)
        ).EnsureSuccessStatusCode();
    }

    private static string Deployed(string path) => Path.Combine(AppContext.BaseDirectory, "deploy", path);

    [GeneratedRegex(@" (==|>|<) [0-9.]+$")]
    private static partial Regex Comparison();
}
