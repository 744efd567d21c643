using System.Text;
using System.Text.Json;
using Akira.Core.Incidents;

namespace Akira.Core.Tests.Incidents;

public class SecretsTests
{
    private const string Password = "pa'ss wörd/+\"5";
    private static readonly Secrets Known = Secrets.Of([Password, "token-abc", "token-abcdef"]);

    public static TheoryData<string> Disguises =>
        [
            Password,
            Uri.EscapeDataString(Password),
            Uri.EscapeDataString(Password).Replace("%20", "+", StringComparison.Ordinal),
            Uri.EscapeDataString(Password)
                .Replace("%C3%B6", "%c3%b6", StringComparison.Ordinal)
                .Replace("%2F", "%2f", StringComparison.Ordinal)
                .Replace("%2B", "%2b", StringComparison.Ordinal),
            JsonSerializer.Serialize(Password)[1..^1],
            Password.Replace("'", @"'\''", StringComparison.Ordinal),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)).Replace('+', '-').Replace('/', '_'),
        ];

    [Theory]
    [MemberData(nameof(Disguises))]
    public void A_secret_is_found_in_its_disguises(string disguise) =>
        Assert.Equal("a •••, b", Known.Redact($"a {disguise}, b"));

    [Theory]
    [InlineData("u:")]
    [InlineData("us:")]
    [InlineData("use:")]
    public void A_secret_inside_a_text_that_was_encoded_as_a_whole_is_found(string before)
    {
        var header = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{before}token-abcdef:{before}"));
        Assert.Contains(Secrets.Mark, Known.Redact(header), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_secrets_that_begin_alike_the_longer_is_taken_whole() =>
        Assert.Equal("••• •••", Known.Redact("token-abcdef token-abc"));

    [Fact]
    public void Each_line_of_a_key_is_a_secret_of_its_own()
    {
        var key = Secrets.Of(["-----BEGIN KEY-----\nAAAAB3NzaC1\nC1yc2EAAAAD\n-----END KEY-----\n"]);
        Assert.Equal("found ••• only", key.Redact("found C1yc2EAAAAD only"));
        Assert.Equal("-----BEGIN KEY-----", key.Redact("-----BEGIN KEY-----"));
    }

    [Theory]
    [MemberData(nameof(Disguises))]
    public void A_secret_that_comes_in_two_pieces_is_found_wherever_it_is_cut(string disguise)
    {
        var bytes = Encoding.UTF8.GetBytes($"a {disguise}, token-abc");
        for (var cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal("a •••, •••", Streamed([bytes[..cut], bytes[cut..]]));
        Assert.Equal("a •••, •••", Streamed([.. bytes.Select(b => new[] { b })]));
    }

    [Fact]
    public void What_only_begins_like_a_secret_is_printed_in_the_end() =>
        Assert.Equal("a token-ab", Streamed(["a token"u8.ToArray(), "-ab"u8.ToArray()]));

    [Fact]
    public void Words_around_secrets_come_through_as_they_are()
    {
        byte[] noise = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        var stream = new RedactedStream(Known);
        byte[] through = [.. stream.Next(noise).ToArray(), .. stream.End()];
        Assert.Equal(noise, through);
    }

    [Fact]
    public void People_alerts_and_hosts_are_all_redacted_before_an_entry_is_one()
    {
        var evidence = new Evidence("h", Verdict.Fail, 1, "o token-abc", 0, "", TimeSpan.Zero, "r token-abc");
        Entry[] entries =
        [
            new Entry.Noted("it is token-abc", []),
            new Entry.Opened(new Severity(1), "t token-abc", "s", "r token-abc", "hash"),
            new Entry.StepFinished(1, "s", Verdict.Fail, [evidence]),
            new Entry.StepOutput(1, "h", "token-abc"),
            new Entry.PageFailed(1, "webhook", "https://x/token-abc", false),
            new Entry.Resolved("token-abc", []),
            new Entry.GateTicked("g", "token-abc"),
        ];
        Assert.All(
            entries,
            e =>
            {
                Assert.Contains("token-abc", JsonSerializer.Serialize(e), StringComparison.Ordinal);
                Assert.DoesNotContain(
                    "token-abc",
                    JsonSerializer.Serialize(e.Redacted(Known)),
                    StringComparison.Ordinal
                );
            }
        );
    }

    private static string Streamed(IEnumerable<byte[]> pieces)
    {
        var stream = new RedactedStream(Known);
        var through = new List<byte>();
        foreach (var piece in pieces)
            through.AddRange(stream.Next(piece));
        through.AddRange(stream.End());
        return Encoding.UTF8.GetString([.. through]);
    }
}
