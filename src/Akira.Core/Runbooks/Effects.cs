using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Runbooks.Shell;

namespace Akira.Core.Runbooks;

/// <summary>
/// What a shell script does to the platform, as far as its words tell: <see cref="Effect.Read"/> only where it is proven
/// by <see cref="EffectTable.Reads"/>, <see cref="Effect.Destructive"/> where a pattern of
/// <see cref="EffectTable.Destroys"/> is found, and <see cref="Effect.Disruptive"/> for all the rest.
/// </summary>
public static partial class Effects
{
    /// <summary>Where programs are found; a script of the same name elsewhere is another program.</summary>
    private static readonly string[] Folders = ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/"];

    private static readonly ILookup<string, ReadCommand> Reads = EffectTable.Reads.ToLookup(c => c.Program);

    public static Effect Of(string script) =>
        PlainCommands.Read(script) is { } commands && AreReads(commands, FolderOf(script, commands)) ? Effect.Read
        : IsDestructive(script) ? Effect.Destructive
        : Effect.Disruptive;

    private static bool AreReads(ImmutableArray<ImmutableArray<string>> commands, string? folder)
    {
        for (var i = 0; i < commands.Length; i++)
            if (
                !IsRead(commands[i], folder)
                || Sends(commands[i]) && i > 0 && commands[i - 1] is not ["echo" or "true"]
            )
                return false;
        return true;
    }

    /// <summary>Whether it sends what it is fed, which can ask for anything: only an empty line is let through.</summary>
    private static bool Sends(ImmutableArray<string> words) => words.Contains("s_client");

    /// <param name="folder">In which <c>./program</c> is found; null: not known.</param>
    private static bool IsRead(ImmutableArray<string> words, string? folder)
    {
        switch (words[0])
        {
            case "sudo":
                return AfterOptions(words, flags: ["-n"], valued: ["-u", "--user"]) is [var first, ..] inner
                    && first != "sudo"
                    && IsRead(inner, folder);
            case "timeout":
                return AfterOptions(words, flags: [], valued: ["-k", "-s"]) is [var limit, _, ..] timed
                    && Limit().IsMatch(limit)
                    && IsRead(timed[1..], folder);
            default:
                foreach (var command in Reads[Program(words[0], folder)])
                    if (command.Proves(words))
                        return true;
                return false;
        }
    }

    private static ImmutableArray<string> AfterOptions(ImmutableArray<string> words, string[] flags, string[] valued)
    {
        var i = 1;
        while (i < words.Length && words[i].StartsWith('-'))
        {
            if (valued.Contains(words[i]))
                i += 2;
            else if (flags.Contains(words[i]))
                i++;
            else
                return [];
        }
        return i < words.Length ? words[i..] : [];
    }

    /// <summary>Known only where the script begins with its one <c>cd</c>, and that is not in a pipe.</summary>
    private static string? FolderOf(string script, ImmutableArray<ImmutableArray<string>> commands) =>
        Begins().Match(script) is { Success: true } cd && commands.Count(c => c.Contains("cd")) == 1
            ? cd.Groups["folder"].Value.TrimEnd('/')
            : null;

    private static bool IsDestructive(string script) =>
        DestructiveCommands(script).Any() || WritesToADisk().IsMatch(script);

    /// <summary>The words of each command that a pattern finds.</summary>
    internal static IEnumerable<string> DestructiveCommands(string script) =>
        from words in DestructivePattern.Commands(script)
        where EffectTable.Destroys.Any(pattern => pattern.IsIn(words))
        select string.Join(' ', words.Select(w => w.Text));

    private static string Program(string word, string? folder)
    {
        if (folder is not null && word.StartsWith("./", StringComparison.Ordinal))
            return folder + word[1..];
        foreach (var place in Folders)
            if (word.StartsWith(place, StringComparison.Ordinal))
                return word[place.Length..];
        return word;
    }

    [GeneratedRegex(@"^\s*cd[ \t]+(?<folder>/[\w./-]+)[ \t]*(?:\n|;|&&)")]
    private static partial Regex Begins();

    [GeneratedRegex(@"^\d+[smhd]?\z")]
    private static partial Regex Limit();

    [GeneratedRegex(@">\s*[""']?/dev/(?:sd|vd|xvd|hd|nvme|mmcblk|mapper|md|dm-)")]
    private static partial Regex WritesToADisk();
}
