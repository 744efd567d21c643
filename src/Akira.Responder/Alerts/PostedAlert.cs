using System.Text;
using System.Text.Json.Serialization;
using Akira.Core.Alerts;

namespace Akira.Responder.Alerts;

/// <summary>An alert as Alertmanager's API v2, its webhook and Grafana's send it.</summary>
/// <param name="Status">Only webhooks say it: <c>firing</c> or <c>resolved</c>.</param>
internal sealed record PostedAlert(
    PostedTexts? Labels = null,
    PostedTexts? Annotations = null,
    DateTimeOffset? StartsAt = null,
    DateTimeOffset? EndsAt = null,
    [property: JsonConverter(typeof(KnownText))] string? GeneratorURL = null,
    string? Status = null
)
{
    private const int MostLabels = 64;
    private const int LongestLabel = 4096;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);
    private static readonly TimeSpan FarFuture = TimeSpan.FromDays(366);
    private static readonly DateTimeOffset LongAgo = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private LabelSet? _identity;
    private string? _fingerprint;

    /// <summary>A label without a value is none, as Prometheus has it.</summary>
    private LabelSet Identity => _identity ??= LabelSet.Of(Labels!.NotEmpty);

    [JsonIgnore]
    public string Fingerprint => _fingerprint ??= Core.Alerts.Fingerprint.Of(Identity);

    /// <summary>What is wrong with it; null when nothing is.</summary>
    /// <param name="field">Its place in the body: <c>[3]</c>.</param>
    public Problem? Check(string field, DateTimeOffset now)
    {
        if (Labels is null || Labels.Count == 0)
            return Problem.BadField($"{field}.labels", "must name the alert: at least one label is needed");
        if (Labels.Count > MostLabels)
            return Problem.BadField($"{field}.labels", $"has {Labels.Count} labels; {MostLabels} are the most");
        return CheckTexts(Labels, $"{field}.labels")
            ?? (Annotations is null ? null : CheckTexts(Annotations, $"{field}.annotations"))
            ?? CheckInstants(field, now);
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
            Annotations is null ? LabelSet.Empty : LabelSet.Of(Annotations.All),
            Said(StartsAt) is { } start ? toOurClock(start) : now,
            end,
            GeneratorURL
        );

    private static Problem? CheckTexts(PostedTexts texts, string field)
    {
        string? last = null;
        foreach (var (name, value) in texts.Sorted)
        {
            if (value is null)
                return Problem.BadField($"{field}.{Short(name)}", "must be a text");
            if (IsLong(name) || IsLong(value))
                return Problem.BadField($"{field}.{Short(name)}", $"is longer than {LongestLabel} bytes");
            if (name == last)
                return Problem.BadField($"{field}.{Short(name)}", "comes twice");
            last = name;
        }
        return null;
    }

    private Problem? CheckInstants(string field, DateTimeOffset now)
    {
        var (start, end) = (Said(StartsAt), Said(EndsAt));
        if (start < LongAgo || start > now + ClockSkew)
            return Problem.BadField(
                $"{field}.startsAt",
                $"is {start:u}, and it is {now:u} here: check the sender's clock"
            );
        if (end < LongAgo || end > now + FarFuture)
            return Problem.BadField($"{field}.endsAt", $"is {end:u}, and it is {now:u} here: check the sender's clock");
        return start > end ? Problem.BadField($"{field}.endsAt", "is before startsAt") : null;
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
