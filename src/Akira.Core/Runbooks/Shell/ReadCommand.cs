using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Akira.Core.Runbooks.Shell;

/// <summary>
/// One way of calling a program that is known to only read. Options are an allow-list, each written in full: programs
/// take abbreviations (<c>journalctl --rot</c>), so a list of forbidden ones would leak.
/// </summary>
/// <param name="Command">The program, and the subcommands that must follow: <c>docker compose ps</c>.</param>
/// <param name="Options">
/// Divided by blanks; <c>-n=</c> takes a value, <c>-#</c> is a number, <c>-*</c> means that no option does harm. Single letters
/// may be joined.
/// </param>
/// <param name="Words">What the other words must be; null: anything.</param>
/// <param name="Needs">An option without which the command is not proven.</param>
/// <param name="Values">What the value of an option must be; null: anything.</param>
/// <param name="Before">
/// Options that may stand before the last subcommand. They are apart since the same letter can mean something else there:
/// <c>docker -l ps rm x</c> removes x.
/// </param>
internal sealed record ReadCommand(
    string Command,
    string Options = "",
    Func<string, bool>? Words = null,
    string? Needs = null,
    Func<string, string, bool>? Values = null,
    string Before = ""
)
{
    private readonly string[] path = Command.Split(' ');
    private readonly OptionSet before = new(Before, Values);
    private readonly OptionSet options = new(Options, Values);

    public string Program => path[0];

    /// <param name="words">Begins with the program's name.</param>
    public bool Proves(ImmutableArray<string> words)
    {
        var (i, matched) = (1, 1);
        while (matched < path.Length)
        {
            if (i >= words.Length)
                return false;
            if (words[i] == path[matched])
                (i, matched) = (i + 1, matched + 1);
            else if (!before.Take(words, ref i, Needs, out _))
                return false;
        }
        var found = Needs is null;
        while (i < words.Length)
            if (words[i] is ['-', _, ..] && !options.TakesAny)
            {
                if (!options.Take(words, ref i, Needs, out var needed))
                    return false;
                found |= needed;
            }
            else if (Words is null || Words(words[i]))
                i++;
            else
                return false;
        return found;
    }

    private sealed class OptionSet
    {
        private readonly FrozenSet<string> flags;
        private readonly FrozenSet<string> valued;
        private readonly FrozenSet<char> letters;
        private readonly Func<string, string, bool>? values;

        public OptionSet(string options, Func<string, string, bool>? values)
        {
            var all = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            flags = all.Where(o => !o.EndsWith('=')).ToFrozenSet();
            valued = all.Where(o => o.EndsWith('=')).Select(o => o[..^1]).ToFrozenSet();
            letters = flags.Where(f => f.Length == 2).Select(f => f[1]).ToFrozenSet();
            this.values = values;
        }

        public bool TakesAny => flags.Contains("-*");

        /// <summary>Steps over an option and its value; false when it is not in the set.</summary>
        public bool Take(ImmutableArray<string> words, ref int i, string? needs, out bool needed)
        {
            var word = words[i++];
            needed = word == needs;
            if (word is not ['-', _, ..])
                return false;
            if (flags.Contains(word) || flags.Contains("-#") && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
                return true;
            if (valued.Contains(word))
                return TakeNext(word, words, ref i);
            if (word.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 && valued.Contains(word[..equals]))
            {
                needed |= word[..equals] == needs;
                return IsFine(word[..equals], word[(equals + 1)..]);
            }
            if (word[1] == '-')
                return false;

            // Joined letters: -At, -Atc 'SELECT 1', -n5.
            for (var at = 1; at < word.Length; at++)
            {
                var option = $"-{word[at]}";
                needed |= option == needs;
                if (valued.Contains(option))
                    return at == word.Length - 1 ? TakeNext(option, words, ref i) : IsFine(option, word[(at + 1)..]);
                if (!letters.Contains(word[at]))
                    return false;
            }
            return true;
        }

        /// <summary>
        /// A value that looks like an option is not taken for one: where the value is optional, as after
        /// <c>journalctl -n</c>, the program reads an option.
        /// </summary>
        private bool TakeNext(string option, ImmutableArray<string> words, ref int i)
        {
            if (i >= words.Length)
                return true;
            var value = words[i++];
            return (value is not ['-', ..] || value is ['-', >= '0' and <= '9', ..]) && IsFine(option, value);
        }

        private bool IsFine(string option, string value) => values is null || values(option, value);
    }
}
