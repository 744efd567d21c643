using NATS.Client.Core;

namespace Akira.Voice.Stream;

/// <summary>A subject for many answers. The client multiplexes everything below its own inbox and knows no wildcard there.</summary>
internal static class OwnInbox
{
    public static string Of(NatsConnection nats)
    {
        var random = nats.NewInbox();
        return "akira.inbox." + random[(random.LastIndexOf('.') + 1)..];
    }
}
