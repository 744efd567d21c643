using System.Globalization;
using System.Text;

namespace Akira.Core.Alerts;

/// <summary>
/// The identity of an alert: 64-bit FNV-1a over its labels in byte order, each name and value followed by the byte
/// 0xFF. The same function as Prometheus's <c>model.LabelSet.Fingerprint</c>, so the value equals the
/// <c>fingerprint</c> that Alertmanager's webhook carries.
/// </summary>
public static class Fingerprint
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static string Of(LabelSet labels)
    {
        var hash = Offset;
        foreach (var (name, value) in labels.Sorted)
        {
            hash = Add(hash, name);
            hash = Add(hash, value);
        }
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static ulong Add(ulong hash, string text)
    {
        Span<byte> buffer = stackalloc byte[512];
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = size <= buffer.Length ? buffer : new byte[size];
        foreach (var b in bytes[..Encoding.UTF8.GetBytes(text, bytes)])
            hash = (hash ^ b) * Prime;
        return (hash ^ 0xFF) * Prime;
    }
}
