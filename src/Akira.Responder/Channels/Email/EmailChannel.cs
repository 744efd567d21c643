using System.Net.Sockets;
using Akira.Responder.Incidents;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Akira.Responder.Channels.Email;

/// <summary>
/// Pages and reminders by SMTP, to the addresses that the on-call table has for those who are paged; when it has none, and
/// for reminders, to everybody in the table. A repeated message has the same Message-Id, so that mail programs show it once.
/// </summary>
public sealed partial class EmailChannel(EmailOptions options, Desk desk, ILogger<EmailChannel> logger) : IChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Name => "e-mail";

    public async Task<Delivery> Deliver(Message message, CancellationToken cancel)
    {
        var to = Recipients(message);
        if (to.Count == 0)
            return new Delivery.Permanent("the on-call table has no e-mail address");
        using var mail = Compose(message, to);
        using var client = new Sender { Timeout = (int)Patience.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(options.Host!, options.Port, Security(), cancel);
            if (options.User is { Length: > 0 } user)
                await client.AuthenticateAsync(user, options.Password ?? "", cancel);
            await client.SendAsync(mail, cancel);
        }
        catch (SmtpCommandException e)
        {
            // RFC 5321: 4yz may work later, 5yz will not.
            var error = $"{options.Host} answered {(int)e.StatusCode}: {e.Message}";
            return (int)e.StatusCode < 500 ? new Delivery.Transient(error) : new Delivery.Permanent(error);
        }
        catch (MailKit.Security.AuthenticationException e)
        {
            // It may be the server's own trouble, and a password may be corrected: a page is not given up for it.
            return new Delivery.Transient($"{options.Host} does not let {options.User} in: {e.Message}");
        }
        catch (Exception e)
            when (e
                    is SocketException
                        or IOException
                        or TimeoutException
                        or ProtocolException
                        or SslHandshakeException
                        or System.Security.Authentication.AuthenticationException
                        or ServiceNotConnectedException
                        or NotSupportedException
            )
        {
            return new Delivery.Transient($"{options.Host}:{options.Port} cannot be reached: {e.Message}");
        }
        await Leave(client, cancel);
        if (client.Refused.Count > 0)
            LogRefused(options.Host!, string.Join(", ", client.Refused));
        return new Delivery.Delivered();
    }

    /// <summary>It is accepted by now: that the connection ends badly changes nothing.</summary>
    private static async Task Leave(SmtpClient client, CancellationToken cancel)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or SocketException
                        or ProtocolException
                        or TimeoutException
                        or OperationCanceledException
            )
        {
            return;
        }
    }

    private List<MailboxAddress> Recipients(Message message)
    {
        var people = desk.Policy.Platform.OnCall.Where(p => MailboxAddress.TryParse(p.Email, out _)).ToList();
        var named = people.Where(p => message.To.Contains(p.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        return [.. (named.Count > 0 ? named : people).Select(p => new MailboxAddress(p.Name, p.Email))];
    }

    private MimeMessage Compose(Message message, List<MailboxAddress> to)
    {
        var title = message.Text.ReplaceLineEndings(" ");
        var mail = new MimeMessage
        {
            Subject = $"[{message.Severity} {message.Incident}] {(title.Length > 120 ? title[..120] + "…" : title)}",
            Date = message.At,
            MessageId = $"{message.Incident}.{message.Seq}.{message.At.ToUnixTimeSeconds()}@akira",
            Priority = message.Kind == "page" ? MessagePriority.Urgent : MessagePriority.Normal,
            Body = new TextPart("plain")
            {
                Text = $"""
                    {message.Text}

                    Severity  {message.Severity}
                    Incident  {message.Incident}
                    For       {(message.To.IsEmpty ? "everybody on call" : string.Join(", ", message.To))}
                    Since     {message.At:yyyy-MM-dd HH:mm:ss} UTC
                    {(message.Url is null ? "" : $"Console   {message.Url}")}

                    This address takes no orders. ACK <name> in Telegram, in the console, or: akira do {message.Incident} "ACK <name>"
                    """,
            },
        };
        mail.From.Add(MailboxAddress.Parse(options.From));
        mail.To.AddRange(to);
        // Follow-ups stand in the thread of their incident.
        mail.References.Add($"{message.Incident}@akira");
        // No out-of-office answer wants to be read at night.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    private SecureSocketOptions Security() =>
        options.Tls.ToLowerInvariant() switch
        {
            "none" => SecureSocketOptions.None,
            "wrapped" => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.StartTls,
        };

    [LoggerMessage(LogLevel.Warning, "{Host} takes no mail for {Addresses}: correct them in platform.md")]
    private partial void LogRefused(string host, string addresses);

    /// <summary>One address that is refused keeps the page from nobody else.</summary>
    private sealed class Sender : SmtpClient
    {
        public List<string> Refused { get; } = [];

        protected override void OnRecipientNotAccepted(
            MimeMessage message,
            MailboxAddress mailbox,
            SmtpResponse response
        ) => Refused.Add(mailbox.Address);

        protected override void OnNoRecipientsAccepted(MimeMessage message) =>
            throw new SmtpCommandException(
                SmtpErrorCode.RecipientNotAccepted,
                SmtpStatusCode.MailboxUnavailable,
                $"no mail is taken for {string.Join(", ", Refused)}"
            );
    }
}
