namespace Akira.Voice.Management;

/// <summary>A version that went out. The same shape as the responder's, and posted by the same <c>akira deploy record</c>.</summary>
/// <param name="Service">Null: the whole platform.</param>
/// <param name="By">Who told us.</param>
public sealed record Deploy(string Version, string? Service, DateTimeOffset? At, string? By = null);

/// <summary>What the responder says of its incidents.</summary>
/// <param name="Responder"><c>answers</c>, <c>away</c> or <c>unset</c>: then there are no incidents here, and there may be some.</param>
public sealed record IncidentMarkers(string Responder, IncidentMarker[] Incidents);

/// <param name="State"><c>open</c>, <c>acknowledged</c>, <c>mitigated</c> or <c>resolved</c>.</param>
/// <param name="Url">Its page on the responder's console.</param>
public sealed record IncidentMarker(
    string Id,
    string Severity,
    string State,
    string Title,
    string? Subsystem,
    DateTimeOffset DetectedAt,
    DateTimeOffset? ResolvedAt,
    string? Url
);

/// <summary>Either a name and a password, or a code that works once: of the first start's link, or of OIDC's way back.</summary>
public sealed record Credentials(string? Name, string? Password, string? Code = null);

/// <param name="Token">Shown here and never again: send it as <c>Authorization: Bearer</c>.</param>
/// <param name="Role"><c>viewer</c>, <c>operator</c> or <c>admin</c>.</param>
public sealed record Session(string Token, string Name, string Role, DateTimeOffset ExpiresAt);

/// <param name="Oidc">Whether there is a log-in by OIDC, at <c>/api/session/oidc</c>.</param>
/// <param name="OidcName">What to write on its button.</param>
public sealed record WaysIn(bool Oidc, string? OidcName);

/// <summary>Who asks.</summary>
public sealed record Who(string Name, string Role);

/// <param name="Role"><c>viewer</c>, <c>operator</c> or <c>admin</c>.</param>
/// <param name="Password">Write only, 12 characters at least; null leaves it, or makes an account that only OIDC opens.</param>
public sealed record Account(
    string Name,
    string Role,
    string? Password = null,
    bool Archived = false,
    DateTimeOffset? LastLoginAt = null
);

/// <summary>A token for a program.</summary>
public sealed record TokenRequest(string? Name, string? Role);

/// <param name="Token">Shown here and never again.</param>
public sealed record NewToken(string Name, string Role, string Token);

/// <param name="Status"><c>ok</c>, or what is wrong.</param>
public sealed record Health(string Status, string Service, string Version);

/// <summary>Trunks and routes as Kamailio reads them.</summary>
/// <param name="Dispatcher">For the module dispatcher: a set of destinations for each route, numbered as the route.</param>
/// <param name="Prefixes">For mtree over db_text: a prefix, and the sets to try in order.</param>
public sealed record KamailioLists(string Dispatcher, string Prefixes);
