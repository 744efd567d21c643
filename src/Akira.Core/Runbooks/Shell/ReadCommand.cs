using System.Collections.Immutable;

namespace Akira.Core.Runbooks.Shell;

/// <summary>
/// One way of calling a program that is known to only read. Options are an allow-list, each written in full: programs
/// take abbreviations (<c>journalctl --rot</c>), so a list of forbidden ones would leak.
/// </summary>
/// <param name="Command">The program, and the subcommands that must follow: <c>docker compose ps</c>.</param>
/// <param name="Flags">Options without a value, divided by blanks; single letters may be joined. <c>-#</c>: a number.</param>
/// <param name="Valued">Options with a value.</param>
/// <param name="Words">What the other words must be; null: anything.</param>
/// <param name="Needs">An option without which the command is not proven.</param>
internal sealed record ReadCommand(
    string Command,
    string Flags = "",
    string Valued = "",
    Func<string, bool>? Words = null,
    string? Needs = null
)
{
    private readonly string[] path = Command.Split(' ');
    private readonly HashSet<string> flags = [.. Flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    private readonly HashSet<string> valued = [.. Valued.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    public string Program => path[0];

    /// <summary>Stands in <see cref="Flags"/> for: no option of this program does harm.</summary>
    public const string AnyOption = "-*";

    /// <param name="words">Begins with the program's name.</param>
    public bool Proves(ImmutableArray<string> words)
    {
        if (flags.Contains(AnyOption))
            return words.Skip(1).Take(path.Length - 1).SequenceEqual(path.Skip(1));
        var found = Needs is null;
        var others = new List<string>();
        for (var i = 1; i < words.Length; i++)
        {
            var word = words[i];
            if (word.Length < 2 || word[0] != '-')
            {
                others.Add(word);
                continue;
            }
            found |= word == Needs;
            if (IsFlag(word))
                continue;
            if (TakesNext(word))
                i++;
            else if (!HasValueAttached(word))
                return false;
        }
        return found
            && others.Count >= path.Length - 1
            && others.Take(path.Length - 1).SequenceEqual(path.Skip(1))
            && (Words is null || others.Skip(path.Length - 1).All(Words));
    }

    private bool IsFlag(string word) =>
        flags.Contains(word)
        || flags.Contains("-#") && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
        || word[1] != '-' && word.Skip(1).All(c => flags.Contains($"-{c}"));

    /// <summary>The option is the word, or the last letter of joined ones: <c>-sm 5</c>.</summary>
    private bool TakesNext(string word) =>
        valued.Contains(word)
        || word[1] != '-' && valued.Contains($"-{word[^1]}") && word[1..^1].All(c => flags.Contains($"-{c}"));

    private bool HasValueAttached(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && valued.Contains(word[..equals]))
            return true;
        return word[1] != '-' && valued.Contains(word[..2]);
    }
}
