using System.Collections.Immutable;

namespace Akira.Responder.Steps.Ssh;

/// <summary>Who we are to the hosts, and how we know them.</summary>
/// <param name="Keys">Private key files that are there.</param>
/// <param name="KnownHosts">The file; it may be missing.</param>
internal sealed record SshLogin(ImmutableArray<string> Keys, string KnownHosts)
{
    /// <summary>Until a host has answered to each step of the greeting, and to a sign of life.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static SshLogin Of(SshOptions options) =>
        new(
            [
                .. options
                    .Keys.Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(Expanded)
                    .Where(File.Exists),
            ],
            Expanded(options.KnownHosts)
        );

    /// <summary>Why a host is not even asked: it could not prove who it is. Null: it may.</summary>
    public string? Unknown(SshTarget target, KnownHosts known) =>
        known.KeyTypes(target.KnownAs).IsEmpty
            ? $"the key of {target.Name} is not in {KnownHosts}. Compare what this adds with the host's own: {target.HowToAdd(KnownHosts)}"
            : null;

    private static string Expanded(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : path;
}
