using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Responder.Incidents;

namespace Akira.Responder.Channels.Telegram;

/// <summary>
/// Pages and reminders in the group. The first page of an incident is its status message (<see cref="StatusBoard"/> edits
/// it); what follows replies to that. When more wait than the quota lets through, they go out together. Reminders of a
/// severity that nobody is told of at once wait for the daily digest.
/// </summary>
public sealed class TelegramChannel(TelegramApi api, Desk desk, TimeOnly digestAt) : IChannel
{
    public const string ChannelName = "telegram";

    public string Name => ChannelName;

    public int MostTogether => 15;

    public TimeSpan Wait(Message message)
    {
        var quota = api.Wait(api.Group, message.Urgency);
        if (message.Kind == "page" || desk.Policy.For(message.Severity).Pages)
            return quota;
        var digest = NextDigest(message.At) - desk.Clock.GetUtcNow();
        return digest > quota ? digest : quota;
    }

    public Task<Delivery> Deliver(Message message, CancellationToken cancel)
    {
        var incident = Find(message);
        var first = Place.Of(incident.Receipts.GetValueOrDefault(Name));
        if (message.Kind == "page" && first is null)
            return api.Send(
                api.Group,
                Cards.Status(
                    incident,
                    desk.Log.Of(incident.Number),
                    desk.PolicyOf(incident.PolicyHash),
                    desk.Clock.GetUtcNow()
                ),
                message.Urgency,
                replyTo: null,
                Cards.ButtonsOf(incident),
                cancel
            );
        return api.Send(
            api.Group,
            Cards.FollowUp(message, incident, desk.Policy.Platform),
            message.Urgency,
            first is { } place && place.Chat == api.Group ? place.Message : null,
            message.Kind == "page" ? Cards.ButtonsOf(incident) : null,
            cancel
        );
    }

    public async Task<Delivery> DeliverTogether(ImmutableArray<Message> messages, CancellationToken cancel)
    {
        var open = messages
            .Select(m => m.Incident)
            .Distinct()
            .Select(id => Incident.TryParseId(id, out var number) ? desk.Find(number) : null)
            .OfType<Incident>()
            .Where(i => i.State == IncidentState.Open);
        var delivery = await api.Send(
            api.Group,
            Cards.Digest(messages, desk.Policy.Platform),
            messages[0].Urgency,
            replyTo: null,
            Cards.ButtonsOf(open, Press.Ack, "Ack "),
            cancel
        );
        // A message about several incidents is no incident's own.
        return delivery is Delivery.Delivered ? new Delivery.Delivered() : delivery;
    }

    private DateTimeOffset NextDigest(DateTimeOffset asked)
    {
        var today = new DateTimeOffset(DateOnly.FromDateTime(asked.UtcDateTime), digestAt, TimeSpan.Zero);
        return today > asked ? today : today.AddDays(1);
    }

    private Incident Find(Message message) =>
        Incident.TryParseId(message.Incident, out var number) && desk.Find(number) is { } incident
            ? incident
            : throw new InvalidOperationException($"{message.Incident} is not in the log");
}
