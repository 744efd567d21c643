using System.Globalization;

namespace Akira.Voice.Frontend.Calls;

/// <summary>What is looked for, as the address of the page has it. All may be empty; times are UTC.</summary>
/// <param name="From">As the field of a form gives it, <c>2026-11-25T03:00</c>, or a time of RFC 3339.</param>
public sealed record CallSearch(
    string? Number,
    string? CallId,
    string? Customer,
    string? Trunk,
    string? Code,
    string? From,
    string? To
)
{
    /// <summary>The backend writes a file only of a stretch of time that has both ends.</summary>
    public bool CanBeExported => !string.IsNullOrWhiteSpace(From) && !string.IsNullOrWhiteSpace(To);

    /// <param name="after">Where the page before ended; null: the first page.</param>
    public string Path(string path, string? after = null) =>
        Backend.Path(
            path,
            ("number", Number),
            ("callId", CallId),
            ("customer", Customer),
            ("trunk", Trunk),
            ("code", Code),
            ("from", Utc(From)),
            ("to", Utc(To)),
            ("after", after)
        );

    /// <summary>What the field leaves out: the zone. Anything else goes on as it is, for the backend to judge.</summary>
    private static string? Utc(string? time) =>
        DateTime.TryParseExact(
            time,
            ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _
        )
            ? time + (time!.Length == 16 ? ":00Z" : "Z")
            : time;
}
