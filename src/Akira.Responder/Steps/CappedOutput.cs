using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Akira.Core.Incidents;

namespace Akira.Responder.Steps;

/// <summary>
/// What a step printed, in bounded memory: the first and the last <see cref="Half"/> bytes are kept, the bytes between
/// are counted, and all of them are hashed. Any thread may add.
/// </summary>
/// <param name="secrets">Taken out of what is printed, before anything else sees it.</param>
/// <param name="printed">Sees the rest, as it comes.</param>
public sealed class CappedOutput(Secrets? secrets = null, Printed? printed = null) : IDisposable
{
    /// <summary>Bytes kept of the beginning, and as many of the end: 1 MiB together.</summary>
    public const int Half = 512 * 1024;

    private readonly Lock _gate = new();
    private readonly RedactedStream _clean = new(secrets ?? Secrets.None);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _head = new();
    private byte[] _tail = [];
    private int _tailAt;
    private long _tailSeen;

    /// <summary>Bytes that are in neither half.</summary>
    private long Dropped => Math.Max(0, _tailSeen - Half);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
            Keep(_clean.Next(bytes));
    }

    /// <summary>What was printed, as evidence. Ends the counting.</summary>
    public Evidence Evidence(string host, Verdict verdict, int? exitCode, TimeSpan took, string? remark)
    {
        lock (_gate)
        {
            Keep(_clean.End());
            return new Evidence(host, verdict, exitCode, Kept(), Dropped, Sha256(), took, remark);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        printed?.Invoke(bytes);
        _hash.AppendData(bytes);
        var toHead = Math.Min(bytes.Length, Half - (int)_head.Length);
        _head.Write(bytes[..toHead]);
        bytes = bytes[toHead..];
        if (bytes.IsEmpty)
            return;
        if (_tail.Length == 0)
            _tail = new byte[Half];
        _tailSeen += bytes.Length;
        if (bytes.Length > Half)
            bytes = bytes[^Half..];
        var first = Math.Min(bytes.Length, Half - _tailAt);
        bytes[..first].CopyTo(_tail.AsSpan(_tailAt));
        bytes[first..].CopyTo(_tail);
        _tailAt = (_tailAt + bytes.Length) % Half;
    }

    /// <summary>Of everything that was added, lower-case hex.</summary>
    private string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>Head and tail as UTF-8, with a line between them that says how much is missing.</summary>
    public string Text()
    {
        lock (_gate)
            return Kept();
    }

    private string Kept()
    {
        var head = Encoding.UTF8.GetString(_head.GetBuffer(), 0, (int)_head.Length);
        if (_tailSeen == 0)
            return head;
        if (_tailSeen <= Half)
            return head + Encoding.UTF8.GetString(_tail, 0, (int)_tailSeen);
        var tail = Encoding.UTF8.GetString([.. _tail.AsSpan(_tailAt), .. _tail.AsSpan(0, _tailAt)]);
        return string.Create(CultureInfo.InvariantCulture, $"{head}\n[… {Dropped} bytes left out …]\n{tail}");
    }

    public void Dispose()
    {
        _hash.Dispose();
        _head.Dispose();
    }
}
