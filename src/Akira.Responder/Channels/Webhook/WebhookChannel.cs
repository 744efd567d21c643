using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Akira.Responder.Channels.Webhook;

/// <summary>
/// POSTs each message as JSON. The header <c>Idempotency-Key</c> is the same when a message is repeated, so that the
/// receiver can tell. With a secret it is signed as Standard Webhooks has it.
/// </summary>
/// <param name="secret">Null: unsigned.</param>
/// <param name="envelope">Null: the message alone.</param>
public sealed class WebhookChannel(
    Uri url,
    string? secret = null,
    Envelope? envelope = null,
    TimeProvider? world = null
) : IChannel, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = Patience }
    )
    {
        Timeout = Patience,
    };

    private readonly byte[]? _key = secret is { Length: > 0 } ? Signature.KeyOf(secret) : null;
    private readonly TimeProvider _world = world ?? TimeProvider.System;

    public string Name => "webhook";

    public async Task<Delivery> Deliver(Message message, CancellationToken cancel)
    {
        try
        {
            var id = $"{message.Incident}/{message.Seq}";
            var plain = JsonSerializer.SerializeToElement(message, WebhookJson.Default.Message);
            var body = envelope?.Around(plain, message, id) ?? JsonSerializer.SerializeToUtf8Bytes(plain);
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new ByteArrayContent(body)
                {
                    Headers =
                    {
                        ContentType = new MediaTypeHeaderValue(
                            envelope is null ? "application/json" : Envelope.ContentType
                        ),
                    },
                },
            };
            request.Headers.Add("Idempotency-Key", id);
            if (_key is not null)
                Signature.Sign(request, id, _world.GetUtcNow(), body, _key);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return response.IsSuccessStatusCode ? new Delivery.Delivered() : Refused(response.StatusCode);
        }
        catch (HttpRequestException e)
        {
            return new Delivery.Transient($"{url.Host} cannot be reached: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Delivery.Transient($"{url.Host} did not answer within {Patience.TotalSeconds} s");
        }
    }

    public void Dispose() => _http.Dispose();

    private Delivery Refused(HttpStatusCode status)
    {
        var error = $"{url.Host} answered {(int)status}";
        return status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500
            ? new Delivery.Transient(error)
            : new Delivery.Permanent(error);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Message))]
internal sealed partial class WebhookJson : JsonSerializerContext;
