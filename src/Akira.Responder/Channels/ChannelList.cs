using System.Globalization;
using Akira.Responder.Channels.Email;
using Akira.Responder.Channels.Telegram;
using Akira.Responder.Channels.Webhook;
using Akira.Responder.Incidents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Channels;

/// <summary>
/// The channels that the settings ask for. Telegram and the webhook are each told everything; e-mail stands in for
/// Telegram where there is one, and is told everything where there is none.
/// </summary>
internal static class ChannelList
{
    public static void AddChannels(this IServiceCollection services, ResponderOptions options, TimeProvider world)
    {
        var console = new Uri(options.ConsoleUrl ?? options.Listen);
        if (options.Telegram is { Token: { } token, Group: { } group } telegram)
        {
            services.AddSingleton(_ => new TelegramApi(token, NullIfEmpty(telegram.ApiBase), group, world));
            services.AddSingleton<Replies>().AddHostedService(s => s.GetRequiredService<Replies>());
            services.AddSingleton<Hearing>().AddHostedService<Listener>().AddHostedService<StatusBoard>();
            services.AddPager(
                s => new TelegramChannel(
                    s.GetRequiredService<TelegramApi>(),
                    s.GetRequiredService<Desk>(),
                    TimeOnly.Parse(telegram.Digest, CultureInfo.InvariantCulture)
                ),
                console
            );
        }
        if (options.Email is { Host.Length: > 0 } email)
            services.AddPager(
                s => new EmailChannel(
                    email,
                    s.GetRequiredService<Desk>(),
                    s.GetRequiredService<ILogger<EmailChannel>>()
                ),
                console,
                options.Telegram.Token is null ? null : TelegramChannel.ChannelName
            );
        if (options.Webhook.Url is { } url)
            services.AddPager(
                _ => new WebhookChannel(
                    new Uri(url),
                    options.Webhook.Secret,
                    options.Webhook.Format == "cloudevents" ? new Envelope(console) : null
                ),
                console
            );
    }

    private static void AddPager(
        this IServiceCollection services,
        Func<IServiceProvider, IChannel> channel,
        Uri console,
        string? standsInFor = null
    ) =>
        services.AddSingleton<IHostedService>(s => new Pager(
            channel(s),
            s.GetRequiredService<Desk>(),
            s.GetRequiredService<Telemetry>(),
            console,
            s.GetRequiredService<ILogger<Pager>>(),
            standsInFor
        ));

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
