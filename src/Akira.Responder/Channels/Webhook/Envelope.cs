using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace Akira.Responder.Channels.Webhook;

/// <summary>CloudEvents 1.0, structured mode: what a message is about and what kind it is stands around it. https://cloudevents.io</summary>
/// <param name="source">Where the console is: whose incidents these are.</param>
public sealed class Envelope(Uri source)
{
    public const string ContentType = "application/cloudevents+json";

    private static readonly CloudEventAttribute Severity = CloudEventAttribute.CreateExtension(
        "severity",
        CloudEventAttributeType.String
    );

    private readonly JsonEventFormatter _format = new();

    /// <param name="id">The same when the message is repeated.</param>
    /// <returns>UTF-8.</returns>
    public byte[] Around(JsonElement plain, Message message, string id) =>
        _format
            .EncodeStructuredModeMessage(
                new CloudEvent([Severity])
                {
                    Id = id,
                    Source = source,
                    Type = $"akira.{message.Kind}.{message.Reason}",
                    Subject = message.Incident,
                    Time = message.At,
                    DataContentType = "application/json",
                    Data = plain,
                    [Severity] = message.Severity.ToString(),
                },
                out _
            )
            .ToArray();
}
