using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Akira.Core.Voice;

/// <summary>
/// The identity of an attempt, computed from what its setup and its end both carry: 48 bits of milliseconds since 1970 of the
/// INVITE, then 80 bits of a hash of the rest. It sorts by time, so new rows go to the end of an index.
/// </summary>
public static class CallUid
{
    /// <param name="invited"><c>t_invite</c>, in microseconds since 1970.</param>
    /// <returns>32 hexadecimal digits, in small letters.</returns>
    public static string Of(long invited, string callId, string fromTag, int leg, int attempt)
    {
        // No header of SIP has a line feed in it, so no two calls make the same text.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{callId}\n{fromTag}\n{leg}\n{attempt}"));
        Span<byte> uid = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(uid, invited / 1000 << 16);
        hash.AsSpan(0, 10).CopyTo(uid[6..]);
        return Convert.ToHexStringLower(uid);
    }
}
