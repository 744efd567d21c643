using System.Net;
using System.Net.Sockets;
using Akira.Core.Runbooks;
using Akira.Responder;

namespace Akira.Cli.Doctor;

/// <summary>Whether people would hear of an incident. Nobody is paged to find out.</summary>
internal static class ChannelChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="platform">What is watched, and who answers for it.</param>
    public static async Task<IReadOnlyList<Symptom>> Run(
        ResponderOptions options,
        Platform platform,
        TimeProvider time,
        CancellationToken cancel
    ) =>
        [
            await Webhook(options.Webhook.Url, options.Telegram.Token is not null, cancel),
            .. options.Telegram.Token is null
                ?
                [
                    Symptom.Note(
                        "telegram",
                        "no bot is set, so nobody is paged there",
                        "docs/telegram.md says how to make one"
                    ),
                ]
                : await TelegramChecks.Run(options.Telegram, platform.OnCall, time, cancel),
            .. options.Email.Host is { Length: > 0 } host
                ? [await Reach("e-mail", host, options.Email.Port, "AKIRA_Email__Host", cancel)]
                : Array.Empty<Symptom>(),
            .. OverThePlatform(options, platform),
        ];

    public static IEnumerable<Symptom> AnyAtAll(ResponderOptions options)
    {
        if (options.Telegram.Token is null && options.Webhook.Url is null && options.Email.Host is not { Length: > 0 })
            yield return Symptom.Wrong(
                "channels",
                "no channel is set at all: a page wakes nobody",
                "Set one: a Telegram bot (docs/telegram.md), AKIRA_Webhook__Url, or AKIRA_Email__Host"
            );
    }

    /// <summary>A page must not need what it is about.</summary>
    private static IEnumerable<Symptom> OverThePlatform(ResponderOptions options, Platform platform)
    {
        var addresses = platform.Hosts.ToDictionary(h => h, h => AddressesOf(h.Address));
        foreach (
            var (channel, host) in new[]
            {
                ("Telegram", HostOf(options.Telegram.ApiBase)),
                ("e-mail", options.Email.Host),
                ("the webhook", HostOf(options.Webhook.Url)),
            }
        )
        {
            if (host is not { Length: > 0 })
                continue;
            var its = AddressesOf(host);
            if (
                platform.Hosts.FirstOrDefault(h =>
                    h.Name.Equals(host, StringComparison.OrdinalIgnoreCase) || addresses[h].Overlaps(its)
                ) is
                { } watched
            )
                yield return Symptom.Wrong(
                    "channel-on-platform",
                    $"pages by {channel} go over {watched.Name}, which is part of the platform that is watched: when it is down, so are they",
                    "Send them over something that does not fail with it"
                );
        }
    }

    /// <summary>What a name means on this machine, and the name itself; without its port.</summary>
    private static HashSet<string> AddressesOf(string host)
    {
        var name =
            IPEndPoint.TryParse(host, out var at) ? at.Address.ToString()
            : host.LastIndexOf(':') is var port and > 0 ? host[..port]
            : host;
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { name };
        try
        {
            found.UnionWith(Dns.GetHostAddresses(name).Select(a => a.ToString()));
        }
        catch (SocketException)
        {
            // A name that means nothing here is compared as it is written.
        }
        return found;
    }

    private static string? HostOf(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.Host : null;

    private static async Task<Symptom> Webhook(string? address, bool hasTelegram, CancellationToken cancel)
    {
        if (address is null)
            return Symptom.Note(
                "webhook",
                hasTelegram ? "no webhook is set" : "no webhook is set: pages show in the console alone",
                "Set AKIRA_Webhook__Url to where they are to be POSTed"
            );
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return Symptom.Wrong(
                "webhook",
                $"{address} is not an http address",
                "Correct AKIRA_Webhook__Url: https://chat.example.org/hooks/akira"
            );
        return await Reach("webhook", url.Host, url.Port, "AKIRA_Webhook__Url", cancel);
    }

    private static async Task<Symptom> Reach(
        string check,
        string host,
        int port,
        string setting,
        CancellationToken cancel
    )
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await socket.ConnectAsync(host, port, patience.Token);
            return Symptom.Ok(check, $"{host}:{port} takes connections for the pages");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            var why = e is SocketException ? e.Message : $"no answer in {Patience.TotalSeconds:0} s";
            return Symptom.Wrong(
                check,
                $"{host}:{port} cannot be reached, so no page would get through: {why}",
                $"Start what listens there, or correct {setting}"
            );
        }
    }
}
