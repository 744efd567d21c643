using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Akira.Responder.Channels.Webhook;

/// <summary>
/// Standard Webhooks, symmetric (v1): HMAC-SHA256 over <c>id.timestamp.body</c>. A receiver compares the signature, and refuses
/// a timestamp that is minutes away. https://www.standardwebhooks.com
/// </summary>
internal static class Signature
{
    private const string Prefix = "whsec_";

    /// <summary>Null: it is no such secret.</summary>
    public static byte[]? KeyOf(string secret)
    {
        var key = new byte[64];
        return
            secret.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length)
            && length >= 24
            ? key[..length]
            : null;
    }

    /// <param name="id">The same when a message is repeated.</param>
    public static void Sign(HttpRequestMessage request, string id, DateTimeOffset at, byte[] body, byte[] key)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{seconds}."), .. body];
        var signature = HMACSHA256.HashData(key, signed);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", seconds);
        request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(signature)}");
    }
}
