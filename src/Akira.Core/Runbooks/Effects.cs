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
        PlainCommands.Read(script) is { } commands && commands.All(IsRead) ? Effect.Read
        : IsDestructive(script) ? Effect.Destructive
        : Effect.Disruptive;

    private static bool IsRead(ImmutableArray<string> words) =>
        words[0] switch
        {
            "sudo" => AfterOptions(words, flags: ["-n"], valued: ["-u", "--user"]) is [var first, ..] inner
                && first != "sudo"
                && IsRead(inner),
            "timeout" => AfterOptions(words, flags: [], valued: ["-k", "-s"]) is [var limit, _, ..] inner
                && Limit().IsMatch(limit)
                && IsRead(inner[1..]),
            "psql" => IsReadQuery(words),
            _ => Reads[Program(words[0])].Any(c => c.Proves(words)),
        };

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

    private static bool IsReadQuery(ImmutableArray<string> words)
    {
        var queries = 0;
        for (var i = 1; i < words.Length; i++)
            switch (words[i])
            {
                case "-c" or "--command" when i + 1 < words.Length && ReadQuery.Proves(words[i + 1]):
                    queries++;
                    i++;
                    break;
                case "-d"
                or "-h"
                or "-p"
                or "-U"
                or "--dbname"
                or "--host"
                or "--port"
                or "--username" when i + 1 < words.Length:
                    i++;
                    break;
                case "-A"
                or "-t"
                or "-x"
                or "-X"
                or "-w"
                or "-q"
                or "-At"
                or "-tA"
                or "-Atq"
                or "-qAt"
                or "-XAt"
                or "--csv":
                    break;
                case ['-', ..]:
                    return false;
            }
        return queries > 0;
    }

    private static bool IsDestructive(string script) =>
        DestructivePattern.Commands(script).Any(words => EffectTable.Destroys.Any(p => p.IsIn(words)))
        || WritesToADisk().IsMatch(script);

    private static string Program(string word) =>
        Folders.FirstOrDefault(f => word.StartsWith(f, StringComparison.Ordinal)) is { } folder
            ? word[folder.Length..]
            : word;

    [GeneratedRegex(@"^\d+[smhd]?\z")]
    private static partial Regex Limit();

    [GeneratedRegex(@">\s*[""']?/dev/(?:sd|vd|xvd|hd|nvme|mmcblk|mapper|md|dm-)")]
    private static partial Regex WritesToADisk();
}
