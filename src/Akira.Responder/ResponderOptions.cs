using System.Globalization;
using Akira.Core.Incidents;
using Akira.Responder.Log;
using Akira.Voice.Stream;
using Microsoft.Extensions.Configuration;

namespace Akira.Responder;

/// <summary>
/// What can be set, from the weakest to the strongest: <c>akira.json</c> in the data folder or the file given,
/// <c>AKIRA_</c> variables (<c>AKIRA_Webhook__Url</c>), the command line.
/// </summary>
public sealed record ResponderOptions
{
    public string Listen { get; init; } = "http://127.0.0.1:7400";
    public string Data { get; init; } = "akira-data";
    public string Runbooks { get; init; } = "runbooks";

    /// <summary>How many times faster than the world's the clock runs.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Synthetic calls, clearly labelled, and faults that can be triggered.</summary>
    public bool Demo { get; init; }

    /// <summary>How long an alert holds whose sender does not say.</summary>
    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>An administrator's token.</summary>
    public string? Token { get; init; }

    /// <summary>Where people reach the console; null: where it listens.</summary>
    public string? ConsoleUrl { get; init; }

    public WebhookOptions Webhook { get; init; } = new();
    public TelegramOptions Telegram { get; init; } = new();
    public EmailOptions Email { get; init; } = new();
    public DeadManOptions DeadMan { get; init; } = new();
    public AlertOptions Alerts { get; init; } = new();

    /// <summary>
    /// Passwords that steps may print, by names of your own (<c>AKIRA_Secrets__Database</c>): no log shows them, nor
    /// the responder's own tokens. A local step has each as a variable, <c>AKIRA_SECRET_DATABASE</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    public SshOptions Ssh { get; init; } = new();

    /// <summary>Where the stream of call records is; null: calls come by <c>POST /api/calls</c> alone.</summary>
    public NatsLogin? Nats { get; init; }

    /// <param name="data">The data folder, when the command line says it.</param>
    /// <param name="configFile">Null: <c>akira.json</c> in the data folder, if it is there.</param>
    /// <exception cref="CannotStart">A setting cannot be read.</exception>
    public static ResponderOptions Load(string? data = null, string? configFile = null)
    {
        var folder = data ?? Environment.GetEnvironmentVariable("AKIRA_Data") ?? new ResponderOptions().Data;
        var file = Path.GetFullPath(configFile ?? Path.Combine(folder, "akira.json"));
        try
        {
            var options =
                new ConfigurationBuilder()
                    .AddJsonFile(file, optional: configFile is null)
                    .AddEnvironmentVariables("AKIRA_")
                    .Build()
                    .Get<ResponderOptions>()
                ?? new ResponderOptions();
            // A variable that is there and empty is how a unit file or a compose file says: not set.
            return options with
            {
                Data = folder,
                Webhook = string.IsNullOrWhiteSpace(options.Webhook.Url) ? new() : options.Webhook,
                Nats = string.IsNullOrWhiteSpace(options.Nats?.Url) ? null : options.Nats,
                Telegram = string.IsNullOrWhiteSpace(options.Telegram.Token) ? new() : options.Telegram,
            };
        }
        catch (Exception e)
            when (e is InvalidOperationException or InvalidDataException or FormatException or FileNotFoundException)
        {
            throw new CannotStart(
                $"The settings in {file} or in AKIRA_ variables cannot be read: {(e.InnerException ?? e).Message}",
                inner: e
            );
        }
    }

    /// <summary>What no log may show: the secrets, and the tokens that open the responder and its channels.</summary>
    internal Secrets Hidden =>
        Core.Incidents.Secrets.Of([
            .. Secrets.Values,
            .. new[] { Token, Telegram.Token, Email.Password, Webhook.Secret }.OfType<string>(),
        ]);

    /// <exception cref="CannotStart">A value makes no sense.</exception>
    internal void Check()
    {
        if (
            !Uri.TryCreate(
                Listen.Replace("//*", "//0.0.0.0", StringComparison.Ordinal),
                UriKind.Absolute,
                out var listen
            ) || listen.Scheme is not ("http" or "https")
        )
            throw new CannotStart($"--listen {Listen} is not an address. For example: --listen http://127.0.0.1:7400");
        if (TimeScale is not (>= 1 and <= 10_000))
            throw new CannotStart($"--time-scale {TimeScale} must be from 1 to 10000.");
        foreach (var (name, value) in Secrets)
            if (value.Trim().Length < Core.Incidents.Secrets.Shortest)
                throw new CannotStart(
                    $"AKIRA_Secrets__{name} has {value.Trim().Length} characters; fewer than {Core.Incidents.Secrets.Shortest} can not be told from ordinary words. Make it longer, or leave it out."
                );
        if (ResolveTimeout < TimeSpan.FromSeconds(1))
            throw new CannotStart("ResolveTimeout must be a second or more.");
        if (
            Webhook.Url is { } url
            && (!Uri.TryCreate(url, UriKind.Absolute, out var webhook) || webhook.Scheme is not ("http" or "https"))
        )
            throw new CannotStart($"AKIRA_Webhook__Url {url} is not an http address.");
        if (Webhook.Secret is { Length: > 0 } secret && Channels.Webhook.Signature.KeyOf(secret) is null)
            throw new CannotStart(
                "AKIRA_Webhook__Secret must be whsec_ and 24 to 64 bytes in base64. For example: whsec_$(openssl rand -base64 32)"
            );
        if (Webhook.Format is not ("plain" or "cloudevents"))
            throw new CannotStart($"AKIRA_Webhook__Format {Webhook.Format} must be plain or cloudevents.");
        if (Email.Host is { Length: > 0 } && !MimeKit.MailboxAddress.TryParse(Email.From, out _))
            throw new CannotStart($"AKIRA_Email__From {Email.From} is no e-mail address.");
        if (Email.Tls is not ("starttls" or "wrapped" or "none"))
            throw new CannotStart($"AKIRA_Email__Tls {Email.Tls} must be starttls, wrapped or none.");
        if (DeadMan.Url is { Length: > 0 } beat && !Uri.TryCreate(beat, UriKind.Absolute, out _))
            throw new CannotStart($"AKIRA_DeadMan__Url {beat} is not an address.");
        if (DeadMan.SilenceMinutes is < 1 or > 1440)
            throw new CannotStart("AKIRA_DeadMan__SilenceMinutes must be from 1 to 1440.");
        foreach (var address in Nats?.Url.Split(',', StringSplitOptions.TrimEntries) ?? [])
            if (
                !Uri.TryCreate(
                    address.Contains("://", StringComparison.Ordinal) ? address : "nats://" + address,
                    UriKind.Absolute,
                    out _
                )
            )
                throw new CannotStart(
                    $"AKIRA_Nats__Url {address} is not an address. For example: nats://10.0.0.5:4222"
                );
        foreach (var file in new[] { Nats?.Creds, Nats?.NKey })
            if (file is { Length: > 0 } && !File.Exists(file))
                throw new CannotStart($"AKIRA_Nats__Creds or AKIRA_Nats__NKey: there is no file {file}.");
        CheckTelegram();
    }

    private void CheckTelegram()
    {
        if (Telegram.Token is not { } token)
            return;
        if (token.Split(':') is not [var id, { Length: > 0 }] || !long.TryParse(id, out _))
            throw new CannotStart("AKIRA_Telegram__Token is no bot's token: BotFather gives one like 123456:ABC-DEF.");
        if (Telegram.Group is null)
            throw new CannotStart(
                "AKIRA_Telegram__Group is missing: the numeric id of the group to page. docs/telegram.md says how to find it."
            );
        if (Telegram.ApiBase is { Length: > 0 } api && !Uri.TryCreate(api, UriKind.Absolute, out _))
            throw new CannotStart($"AKIRA_Telegram__ApiBase {api} is not an address.");
        if (!TimeOnly.TryParse(Telegram.Digest, CultureInfo.InvariantCulture, out _))
            throw new CannotStart($"AKIRA_Telegram__Digest {Telegram.Digest} is no time of day. For example: 07:30");
    }
}

/// <param name="Token">The bot's, as BotFather gives it; null: no Telegram.</param>
/// <param name="ApiBase">Another server of the Bot API than Telegram's own.</param>
/// <param name="Group">The numeric id of the group that is paged.</param>
/// <param name="Digest">When what can wait is told each day, in UTC.</param>
public sealed record TelegramOptions(
    string? Token = null,
    string? ApiBase = null,
    long? Group = null,
    string Digest = "07:30"
);

/// <summary>A server that takes mail for the on-call table's addresses.</summary>
/// <param name="Host">Null: no e-mail.</param>
/// <param name="Tls"><c>starttls</c>, <c>wrapped</c> (from the first byte), or <c>none</c>, on this machine's own server.</param>
public sealed record EmailOptions(
    string? Host = null,
    int Port = 587,
    string From = "akira@localhost",
    string? User = null,
    string? Password = null,
    string Tls = "starttls"
);

/// <param name="Url">Asked each minute as long as the responder can record; null: none.</param>
/// <param name="Expected">Whether an alert named <c>Watchdog</c> is expected although none was heard since the start.</param>
/// <param name="SilenceMinutes">How long none may be heard.</param>
public sealed record DeadManOptions(string? Url = null, bool Expected = false, int SilenceMinutes = 5);

/// <param name="Url">Where pages and reminders are POSTed; null: nowhere.</param>
/// <param name="Secret">Signs them, as Standard Webhooks has it: <c>whsec_</c> and 24 to 64 bytes in base64. Null: unsigned.</param>
/// <param name="Format"><c>plain</c>, or <c>cloudevents</c>: the same in the envelope of CloudEvents 1.0.</param>
public sealed record WebhookOptions(string? Url = null, string? Secret = null, string Format = "plain");

/// <summary>How the hosts of the platform are reached.</summary>
/// <param name="Keys">Private key files, divided by colons; those that are not there are left out.</param>
/// <param name="KnownHosts">The keys of the hosts, as OpenSSH keeps them. A host that is not in it is refused.</param>
/// <param name="OpenSsh">
/// Hosts that OpenSSH's own client reaches, divided by commas, or <c>*</c>: where the key is in an agent, has a
/// passphrase or a certificate. Hosts with a jump host are reached so anyway.
/// </param>
public sealed record SshOptions(
    string Keys = "~/.ssh/id_ed25519:~/.ssh/id_rsa",
    string KnownHosts = "~/.ssh/known_hosts",
    string OpenSsh = ""
);

/// <param name="RequireToken">Whether alerts from this machine need a token too.</param>
public sealed record AlertOptions(bool RequireToken = false);
