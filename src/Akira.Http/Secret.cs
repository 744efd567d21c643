using System.Security.Cryptography;
using System.Text;

namespace Akira.Http;

/// <summary>Tokens and codes: shown once, kept as hashes.</summary>
public static class Secret
{
    public static string NewToken() => "akira_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>For a link that works once.</summary>
    public static string NewCode() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>They are random and long: a plain hash is enough, and can be looked up.</summary>
    public static string HashOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
