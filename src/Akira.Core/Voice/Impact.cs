using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Akira.Core.Alerts;

namespace Akira.Core.Voice;

/// <summary>
/// What an incident cost in calls and money: what the records show, and beside it what is modelled from calls that never
/// came. Computed by <see cref="Impacts"/>; what nothing is known of is null, never zero.
/// </summary>
/// <param name="Attempts">Calls in the stretch of time.</param>
/// <param name="FailedAttempts">Those of them that failed in minutes that were worse than usual.</param>
/// <param name="FailedCalls">The same with redials collapsed, and without those that got through in the end.</param>
/// <param name="Lost">Calls lost by the records: the failures beyond the usual share, redials collapsed. Null: no usual to go by.</param>
/// <param name="Missing">Calls lost by the model: attempts that stayed away. Null: no history to go by.</param>
/// <param name="Customers">Whose calls failed beyond the usual, by name.</param>
/// <param name="Revenue">Of the lost calls, by currency. Null: no rates, or nobody knows how many were lost.</param>
/// <param name="UsualNer">What the failures were held against; null when nothing was there.</param>
/// <param name="Basis">Where the usual comes from, in words.</param>
public sealed record Impact(
    DateTimeOffset From,
    DateTimeOffset To,
    int Attempts,
    int FailedAttempts,
    int FailedCalls,
    int? Lost,
    int? Missing,
    ImmutableArray<string>? Customers,
    ImmutableArray<Impact.Money>? Revenue,
    double? UsualNer,
    string Basis
)
{
    private const string Unknown = "unknown";
    private const int MostNamed = 5;

    /// <param name="Measured">For the calls lost by the records.</param>
    /// <param name="Modelled">For the calls that stayed away; null: not known.</param>
    public sealed record Money(string Currency, decimal Measured, decimal? Modelled);

    [JsonIgnore]
    public string CustomersText =>
        Customers is not { } names ? Unknown
        : names.Length == 0 ? "0"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{names.Length} ({string.Join(", ", names.Take(MostNamed))}{(names.Length > MostNamed ? ", …" : "")})"
        );

    [JsonIgnore]
    public string LostText =>
        Lost is not { } lost
            ? Unknown
            : FormattableString.Invariant($"{lost} measured")
                + (
                    Missing is { } missing ? FormattableString.Invariant($", {missing} modelled") : ", modelled unknown"
                );

    [JsonIgnore]
    public string RevenueText =>
        Revenue is not { } revenue
            ? Unknown
            : string.Join(
                "; ",
                revenue.Select(m =>
                    FormattableString.Invariant($"{m.Measured:0.00} {m.Currency} measured")
                    + (
                        m.Modelled is { } modelled
                            ? FormattableString.Invariant($", {modelled:0.00} {m.Currency} modelled")
                            : ""
                    )
                )
            );

    /// <summary>How it was measured, for whoever doubts it.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Method =>
        [
            FormattableString.Invariant(
                $"Call records from {From.UtcDateTime:yyyy-MM-dd HH:mm} to {To.UtcDateTime:HH:mm} UTC: {Attempts} calls."
            ),
            UsualNer is { } ner
                ? FormattableString.Invariant(
                    $"Held against a network effectiveness of {SampleUnits.Format("ner", ner)} ({Basis})."
                )
                : $"Nothing to hold it against: {Basis}.",
            FormattableString.Invariant(
                $"Measured: in the minutes that were surely below that, {FailedAttempts} attempts failed. Redials of one number by one caller within ten minutes are one call, and no loss when one got through: {FailedCalls} calls. Counted is the part of them beyond the usual failures."
            ),
            Missing is null
                ? "Modelled: attempts that stayed away can not be told without a history of this hour of the week."
                : "Modelled: attempts missing against the median of the same hours of earlier weeks, in minutes where that is no chance, times the usual effectiveness.",
            Revenue is null
                ? "Revenue: unknown, because no call record carries a rate or no loss is known."
                : "Revenue: lost calls × usual answers to delivered calls × mean talk time × mean rate of the failed calls.",
        ];
}
