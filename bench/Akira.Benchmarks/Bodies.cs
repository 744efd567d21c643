using System.Text;
using System.Text.Json;

namespace Akira.Benchmarks;

/// <summary>Request bodies in Alertmanager's API v2, as Prometheus would send them.</summary>
internal static class Bodies
{
    /// <param name="first">Number of the first alert; each number is another label set.</param>
    /// <param name="count">Alerts in the body.</param>
    /// <param name="subsystem">Null: the same for all; else one for each alert, so that each opens an incident.</param>
    /// <param name="until">Their endsAt.</param>
    public static byte[] Alerts(int first, int count, DateTimeOffset until, Func<int, string>? subsystem = null) =>
        Encoding.UTF8.GetBytes(
            JsonSerializer.Serialize(
                Enumerable
                    .Range(first, count)
                    .Select(n => new
                    {
                        labels = new Dictionary<string, string>
                        {
                            ["alertname"] = "HighErrorRate",
                            ["instance"] = $"host-{n}:9100",
                            ["job"] = "node",
                            ["probe"] = $"probe-{n}",
                            ["severity"] = "warning",
                            ["subsystem"] = subsystem?.Invoke(n) ?? "signaling",
                        },
                        annotations = new Dictionary<string, string> { ["summary"] = $"probe-{n} fails" },
                        startsAt = until.AddHours(-2),
                        endsAt = until,
                        generatorURL = "http://prometheus.example/graph",
                    })
            )
        );
}
