using System.Collections.Immutable;
using System.Text;

namespace Akira.Core.Runbooks.Shell;

/// <param name="Value">Unquoted.</param>
internal sealed record ShellWord(string Value, int Offset, bool Quoted);

/// <summary>One logical line: up to a line break that stands outside of quotes.</summary>
/// <param name="Special">Where something stands that is neither a plain nor a quoted word; -1: nowhere.</param>
/// <param name="Bare">The text with quoted parts blanked out, but for those in which the shell expands something.</param>
internal sealed record Statement(ImmutableArray<ShellWord> Words, int End, int Special, string Bare, Unclear? Problem)
{
    public static Statement Read(string script, int begin)
    {
        var words = ImmutableArray.CreateBuilder<ShellWord>();
        var bare = new StringBuilder();
        var word = new StringBuilder();
        var (start, quoted, special) = (-1, false, -1);
        var i = begin;
        for (; i < script.Length && script[i] != '\n'; i++)
        {
            var c = script[i];
            var before = i;
            var expanded = false;
            if (c is ' ' or '\t')
            {
                EndWord();
            }
            else if (c == '#' && start < 0)
            {
                i = script.IndexOf('\n', i) is var end and >= 0 ? end : script.Length;
                break;
            }
            else if (c is '\'' or '"')
            {
                Begin();
                quoted = true;
                var (close, at) = c == '\'' ? Single(script, i, word) : Double(script, i, word);
                if (close < 0)
                    return Broken(i, "the quote is not closed", "Close it, or write an apostrophe inside as '\\''");
                expanded = at >= 0;
                if (expanded)
                    Mark(at);
                i = close;
            }
            else if (c == '\\')
            {
                Begin();
                if (i + 1 >= script.Length)
                    return Broken(i, "the script ends in a backslash", "Take it away");
                i++;
                if (script[i] != '\n')
                    word.Append(script[i]);
                else if (word.Length == 0 && !quoted)
                    start = -1;
            }
            else if (c == '<' && i + 1 < script.Length && script[i + 1] == '<')
            {
                return Broken(
                    i,
                    "here-documents are not read",
                    "Put the text into a file, or into the quotes of an ssh line"
                );
            }
            else
            {
                if (";&|<>()$`*?[]{}!".Contains(c) || char.IsControl(c))
                    Mark(i);
                Begin();
                word.Append(c);
            }
            if (expanded)
                bare.Append(script, before, i - before + 1);
            else if (c is '\'' or '"' or '\\')
                bare.Append('_', i - before + 1);
            else
                bare.Append(c);
        }
        EndWord();
        return new Statement(words.DrainToImmutable(), i, special, bare.ToString(), null);

        void Begin() => start = start < 0 ? i : start;

        void Mark(int at) => special = special < 0 ? at : special;

        void EndWord()
        {
            if (start >= 0)
                words.Add(new ShellWord(word.ToString(), start, quoted));
            word.Clear();
            (start, quoted) = (-1, false);
        }

        Statement Broken(int at, string what, string fix) => new([], at, -1, "", new Unclear(at, what, fix));
    }

    private static (int Close, int Special) Single(string script, int open, StringBuilder word)
    {
        var close = script.IndexOf('\'', open + 1);
        if (close >= 0)
            word.Append(script, open + 1, close - open - 1);
        return (close, -1);
    }

    private static (int Close, int Special) Double(string script, int open, StringBuilder word)
    {
        var special = -1;
        for (var i = open + 1; i < script.Length; i++)
            switch (script[i])
            {
                case '"':
                    return (i, special);
                case '\\' when i + 1 < script.Length && script[i + 1] is '"' or '\\' or '$' or '`':
                    word.Append(script[++i]);
                    break;
                case '\\' when i + 1 < script.Length && script[i + 1] == '\n':
                    i++;
                    break;
                case '$' or '`':
                    special = special < 0 ? i : special;
                    word.Append(script[i]);
                    break;
                default:
                    word.Append(script[i]);
                    break;
            }
        return (-1, special);
    }
}
