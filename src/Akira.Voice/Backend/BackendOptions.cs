using Microsoft.Extensions.Configuration;

namespace Akira.Voice.Backend;

/// <summary>What can be set by <c>AKIRA_</c> variables: <c>AKIRA_Oidc__Authority</c>, <c>AKIRA_Responder__Url</c>.</summary>
public sealed record BackendOptions
{
    public string Listen { get; init; } = "http://127.0.0.1:8080";

    /// <summary>In Npgsql's words.</summary>
    public string Database { get; init; } = "";

    /// <summary>Where people reach the pages: log-in links point there.</summary>
    public string FrontendUrl { get; init; } = "http://127.0.0.1:8090";

    /// <summary>An administrator's token.</summary>
    public string? Token { get; init; }

    /// <summary>A viewer's token, for the program beside Kamailio.</summary>
    public string? ReaderToken { get; init; }

    /// <summary>A JSON file of customers, trunks, routes and rates, for a database that has none yet.</summary>
    public string? Seed { get; init; }

    /// <summary>The SIP server's own addresses: a trunk to one of them would send calls back.</summary>
    public string[] SipAddresses { get; init; } = [];

    public ResponderAddress Responder { get; init; } = new();
    public OidcOptions Oidc { get; init; } = new();
    public ThresholdOptions Thresholds { get; init; } = new();

    /// <summary>From the environment.</summary>
    public static BackendOptions Load() =>
        new ConfigurationBuilder().AddEnvironmentVariables("AKIRA_").Build().Get<BackendOptions>() ?? new();
}

/// <param name="Url">Null: incidents are not asked for.</param>
public sealed record ResponderAddress(string? Url = null, string? Token = null);

/// <summary>Empty: only accounts of our own.</summary>
public sealed record OidcOptions
{
    public string? Authority { get; init; }
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }

    /// <summary>Where browsers reach the backend, behind a proxy that does not keep the name; null: as they ask for it.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>What its button says.</summary>
    public string Name { get; init; } = "your organisation";

    /// <summary>The claim that lists a person's roles or groups.</summary>
    public string RoleClaim { get; init; } = "groups";

    /// <summary>The values of that claim that make an operator, an administrator. Whoever else may log in is a viewer.</summary>
    public string OperatorGroup { get; init; } = "akira-operators";
    public string AdminGroup { get; init; } = "akira-admins";

    /// <summary>Null: everybody the provider lets in. Else only members of this group, operators and administrators.</summary>
    public string? ViewerGroup { get; init; }
}

/// <summary>As the runbook's SEV2 has them.</summary>
public sealed record ThresholdOptions
{
    public double AsrBelow { get; init; } = 0.90;
    public double PddP95Above { get; init; } = 5;
}
