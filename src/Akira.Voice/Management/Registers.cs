namespace Akira.Voice.Management;

/// <summary>
/// What every entry of a register has beside its own fields. The server sets these; what is sent in their place is not read.
/// </summary>
public interface IEntry
{
    /// <summary>Its name in call records and in Kamailio, or its number; it never changes.</summary>
    string Id { get; }

    bool Archived { get; }

    /// <summary>From 1, one more with each change; the ETag.</summary>
    int Version { get; }
    DateTimeOffset? ChangedAt { get; }
    string? ChangedBy { get; }
}

/// <summary>Who sends calls to us.</summary>
/// <param name="Id">As call records name them: <c>nordwind</c>.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record Customer(
    string Id,
    string Name,
    string Currency = "EUR",
    string? Email = null,
    string? Note = null,
    bool Archived = false,
    int Version = 0,
    DateTimeOffset? ChangedAt = null,
    string? ChangedBy = null
) : IEntry;

/// <summary>A way out to a carrier.</summary>
/// <param name="Id">As call records name it: <c>carrier-1</c>.</param>
/// <param name="Host">An address or a host's name.</param>
/// <param name="Transport"><c>udp</c>, <c>tcp</c> or <c>tls</c>.</param>
/// <param name="Enabled">False: no new call takes it, calls in progress go on.</param>
public sealed record Trunk(
    string Id,
    string Name,
    string Host,
    int Port = 5060,
    string Transport = "udp",
    bool Enabled = true,
    string? Note = null,
    bool Archived = false,
    int Version = 0,
    DateTimeOffset? ChangedAt = null,
    string? ChangedBy = null
) : IEntry;

/// <summary>Which trunks take the calls to numbers that begin so. Of several routes the longest prefix counts.</summary>
/// <param name="Id">A number, given by the server.</param>
/// <param name="Prefix">Digits without <c>+</c>; empty: every number.</param>
/// <param name="Trunks">Calls go over them in turn; those that do not answer OPTIONS are left out.</param>
/// <param name="Overflow">The route that is taken when none of the trunks answers.</param>
public sealed record Route(
    string Id,
    string Prefix,
    string[] Trunks,
    string? Overflow = null,
    string? Note = null,
    bool Archived = false,
    int Version = 0,
    DateTimeOffset? ChangedAt = null,
    string? ChangedBy = null
) : IEntry;

/// <summary>What a customer pays.</summary>
/// <param name="Id">A number, given by the server.</param>
/// <param name="Customer">Null: everybody who has no rate of their own for that prefix.</param>
/// <param name="Prefix">Digits without <c>+</c>; empty: every number.</param>
/// <param name="PerMinute">Zero or more, at most four figures before the point and six after.</param>
/// <param name="From">The day from which it holds, UTC.</param>
public sealed record Rate(
    string Id,
    string? Customer,
    string Prefix,
    decimal PerMinute,
    string Currency,
    DateOnly From,
    string? Note = null,
    bool Archived = false,
    int Version = 0,
    DateTimeOffset? ChangedAt = null,
    string? ChangedBy = null
) : IEntry;

/// <summary>What somebody did.</summary>
/// <param name="What"><c>create</c>, <c>change</c>, <c>archive</c>, <c>restore</c>, <c>login</c>, …</param>
/// <param name="Kind"><c>customer</c>, <c>trunk</c>, <c>route</c>, <c>rate</c>, <c>account</c>, <c>token</c>, <c>deploy</c>.</param>
/// <param name="Before">The entry as it was, JSON; null when there was none.</param>
/// <param name="After">As it became.</param>
public sealed record Audit(
    long Seq,
    DateTimeOffset At,
    string By,
    string What,
    string Kind,
    string Id,
    System.Text.Json.JsonElement? Before,
    System.Text.Json.JsonElement? After
);

/// <summary>A page of a list that has no end: ask for the next with <c>after</c>.</summary>
/// <param name="Next">Null: there is nothing more.</param>
public sealed record Page<T>(T[] Items, string? Next);
