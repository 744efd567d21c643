using System.Text;
using System.Text.Json.Serialization;
using Akira.Core.Alerts;

namespace Akira.Responder.Alerts;

/// <summary>An alert as Alertmanager's API v2, its webhook and Grafana's send it.</summary>
internal sealed class PostedAlert
{
    private const int MostLabels = 64;
    private const int LongestLabel = 4096;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);
    private static readonly TimeSpan FarFuture = TimeSpan.FromDays(366);
    private static readonly DateTimeOffset LongAgo = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public PostedTexts? Labels { get; set; }
    public PostedTexts? Annotations { get; set; }
    public DateTimeOffset? StartsAt { get; set; }
    public DateTimeOffset? EndsAt { get; set; }

    [JsonConverter(typeof(KnownText))]
    public string? GeneratorURL { get; set; }

    /// <summary>Only webhooks say it: <c>firing</c> or <c>resolved</c>.</summary>
    public string? Status { get; set; }

    private LabelSet? _identity;
    private string? _fingerprint;

    /// <summary>A label without a value is none, as Prometheus has it.</summary>
    private LabelSet Identity => _identity ??= Labels!.NotEmpty;

    [JsonIgnore]
    public string Fingerprint => _fingerprint ??= Core.Alerts.Fingerprint.Of(Identity);

    /// <summary>Which of its members is wrong, and how; null when none is.</summary>
    public (string Member, string What)? Check(DateTimeOffset now)
    {
        if (Labels is null || Labels.Count == 0)
            return ("labels", "must name the alert: at least one label is needed");
        if (Labels.Count > MostLabels)
            return ("labels", $"has {Labels.Count} labels; {MostLabels} are the most");
        return CheckTexts(Labels, "labels")
            ?? (Annotations is null ? null : CheckTexts(Annotations, "annotations"))
            ?? CheckInstants(now);
    }

    /// <summary>When it ended, or until when it holds; null: its sender does not say.</summary>
    /// <param name="toOurClock">The responder's clock may run faster than the sender's.</param>
    /// <param name="held">How long a firing alert of such a sender holds.</param>
    public DateTimeOffset? EndOn(Func<DateTimeOffset, DateTimeOffset> toOurClock, DateTimeOffset now, TimeSpan? held)
    {
        var end = Said(EndsAt) is { } said ? toOurClock(said) : (DateTimeOffset?)null;
        if (Status == "resolved" && (end is null || end > now))
            return now;
        if (Status == "firing" && end <= now)
            end = null;
        return end ?? (held is { } term ? now + term : null);
    }

    public Alert ToAlert(Func<DateTimeOffset, DateTimeOffset> toOurClock, DateTimeOffset now, DateTimeOffset? end) =>
        new(
            Fingerprint,
            Identity,
            Annotations is null ? LabelSet.Empty : Annotations.All,
            Said(StartsAt) is { } start ? toOurClock(start) : now,
            end,
            GeneratorURL
        );

    private static (string, string)? CheckTexts(PostedTexts texts, string member)
    {
        string? last = null;
        foreach (var (name, value) in texts.Sorted)
        {
            if (value is null)
                return ($"{member}.{Short(name)}", "must be a text");
            if (IsLong(name) || IsLong(value))
                return ($"{member}.{Short(name)}", $"is longer than {LongestLabel} bytes");
            if (name == last)
                return ($"{member}.{Short(name)}", "comes twice");
            last = name;
        }
        return null;
    }

    private (string, string)? CheckInstants(DateTimeOffset now)
    {
        var (start, end) = (Said(StartsAt), Said(EndsAt));
        if (start < LongAgo || start > now + ClockSkew)
            return ("startsAt", $"is {start:u}, and it is {now:u} here: check the sender's clock");
        if (end < LongAgo || end > now + FarFuture)
            return ("endsAt", $"is {end:u}, and it is {now:u} here: check the sender's clock");
        return start > end ? ("endsAt", "is before startsAt") : null;
    }

    // Go writes year 1 for an instant that nobody set.
    private static DateTimeOffset? Said(DateTimeOffset? at) => at is { Year: 1 } ? null : at;

    private static bool IsLong(string text) =>
        text.Length > LongestLabel
        || (text.Length * 3 > LongestLabel && Encoding.UTF8.GetByteCount(text) > LongestLabel);

    private static string Short(string name) => name.Length <= 64 ? name : name[..64] + "…";
}

/// <summary>Webhooks of Alertmanager (version 4) and of Grafana: many alerts in an envelope.</summary>
internal sealed record PostedWebhook(string? Version, string? Status, PostedAlert[]? Alerts, long? TruncatedAlerts);
