using System.Buffers;
using System.Text;

namespace Akira.Core.Incidents;

/// <summary>Takes the secrets out of bytes that come in pieces: one that is split between two pieces is found too.</summary>
public sealed class RedactedStream(Secrets secrets)
{
    private static readonly byte[] Mark = Encoding.UTF8.GetBytes(Secrets.Mark);

    private readonly Secrets _secrets = secrets.AsBytes;
    private readonly ArrayBufferWriter<byte> _clean = new();
    private char[] _held = [];

    /// <returns>What is sure by now; valid until the next call.</returns>
    public ReadOnlySpan<byte> Next(ReadOnlySpan<byte> bytes) => _secrets.IsEmpty ? bytes : Clean(bytes, isLast: false);

    /// <returns>What was held back because more might have come.</returns>
    public ReadOnlySpan<byte> End() => Clean([], isLast: true);

    private ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> bytes, bool isLast)
    {
        _clean.ResetWrittenCount();
        // Latin-1 keeps each byte one character, whatever it means.
        Span<char> text = new char[_held.Length + bytes.Length];
        _held.CopyTo(text);
        Encoding.Latin1.GetChars(bytes, text[_held.Length..]);
        while (true)
        {
            var begun = isLast ? 0 : _secrets.Begun(text);
            var (at, length) = _secrets.Next(text);
            if (at < 0 || at >= text.Length - begun)
            {
                Write(text[..^begun]);
                _held = text[^begun..].ToArray();
                return _clean.WrittenSpan;
            }
            Write(text[..at]);
            _clean.Write(Mark);
            text = text[(at + length)..];
        }
    }

    private void Write(ReadOnlySpan<char> text) =>
        _clean.Advance(Encoding.Latin1.GetBytes(text, _clean.GetSpan(text.Length)));
}
