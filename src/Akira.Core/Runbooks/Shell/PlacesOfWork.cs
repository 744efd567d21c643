using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Shell;

/// <summary>What could not be read for certain.</summary>
/// <param name="Offset">Into the script.</param>
internal sealed record Unclear(int Offset, string What, string Fix);

/// <summary>
/// Divides a script by where it runs. <c>ssh [user@]host words…</c> on a line of its own goes to that host; every other
/// line runs on the responder's machine. Quotes are read as a POSIX shell reads them, and nothing is guessed: a line
/// whose target is not certain is <see cref="Unclear"/>.
/// </summary>
internal static partial class PlacesOfWork
{
    private const string QuoteIt = "Write it as: ssh user@host '…', with everything for the host in the single quotes";

    public static (ImmutableArray<StepPart> Parts, ImmutableArray<Unclear> Unclear) Of(string script)
    {
        var parts = ImmutableArray.CreateBuilder<StepPart>();
        var unclear = ImmutableArray.CreateBuilder<Unclear>();
        var local = new List<string>();
        var at = 0;
        while (at < script.Length)
        {
            var indent = script.AsSpan(at).IndexOfAnyExcept(' ', '\t');
            var begin = indent < 0 ? script.Length : at + indent;
            var statement = Statement.Read(script, begin);
            if (statement.Problem is { } problem)
            {
                unclear.Add(problem);
                return ([], unclear.DrainToImmutable());
            }
            if (statement.Words is [{ Value: "ssh", Quoted: false }, ..])
            {
                EndLocal();
                if (Remote(statement, begin, unclear) is { } part)
                    parts.Add(part);
            }
            else
            {
                var text = script[begin..statement.End];
                if (HiddenSsh().Match(statement.Bare) is { Success: true } hidden)
                    unclear.Add(
                        new(
                            begin + hidden.Groups["ssh"].Index,
                            "ssh stands where its target can not be told apart",
                            QuoteIt
                        )
                    );
                if (text.Length > 0 && text[0] != '#')
                    local.Add(text);
            }
            at = statement.End + 1;
        }
        EndLocal();
        // A loop or a condition around an ssh line would be torn in two by the division.
        if (
            parts.Any(p => p.Host is not null)
            && Compound().Match(string.Join('\n', parts.Where(p => p.Host is null).Select(p => p.Script))).Success
        )
            unclear.Add(
                new(
                    0,
                    "a loop, condition or function stands beside an ssh line",
                    "Put it inside the quotes, or into a script on the host"
                )
            );
        return (parts.DrainToImmutable(), unclear.DrainToImmutable());

        void EndLocal()
        {
            if (local.Count > 0)
                parts.Add(new StepPart(null, null, string.Join('\n', local)));
            local.Clear();
        }
    }

    private static StepPart? Remote(Statement statement, int begin, ImmutableArray<Unclear>.Builder unclear)
    {
        if (statement.Special is var special and >= 0)
        {
            unclear.Add(
                new(special, "the ssh line goes on after its command, or the local shell would expand it", QuoteIt)
            );
            return null;
        }
        if (statement.Words is not [_, var target, var first, .. var rest])
        {
            unclear.Add(new(begin, "ssh is given no host or no command", QuoteIt));
            return null;
        }
        if (Target().Match(target.Value) is not { Success: true } match)
        {
            var what = target.Value.StartsWith('-')
                ? "options of ssh are not read"
                : "the target of ssh is not a plain user@host";
            unclear.Add(new(target.Offset, what, "Name the host alone; its address and user stand in platform.md"));
            return null;
        }
        // ssh joins its words with blanks, and the far shell reads the result anew.
        var script = string.Join(' ', rest.Prepend(first).Select(w => w.Value));
        if (string.IsNullOrWhiteSpace(script))
        {
            unclear.Add(new(first.Offset, "ssh is given no command", QuoteIt));
            return null;
        }
        var user = match.Groups["user"] is { Success: true } u ? u.Value : null;
        return new StepPart(match.Groups["host"].Value, user, script.Trim('\n'));
    }

    [GeneratedRegex(@"^(?:(?<user>[A-Za-z_][A-Za-z0-9_.-]*)@)?(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)\z")]
    private static partial Regex Target();

    [GeneratedRegex(
        @"(?:[;&|({`!]|\b(?:do|then|else|sudo|exec|nohup|time|timeout|env|command)\b[^;&|\n]*?)\s*\b(?<ssh>ssh)\s"
    )]
    private static partial Regex HiddenSsh();

    [GeneratedRegex(
        @"^\s*(?:if|for|while|until|case|select|function|\{|\()(?:\s|$)|^\s*[\w-]+\s*\(\)",
        RegexOptions.Multiline
    )]
    private static partial Regex Compound();
}

/// <param name="Value">Unquoted.</param>
internal sealed record ShellWord(string Value, int Offset, bool Quoted);

/// <summary>One logical line: up to a line break that stands outside of quotes.</summary>
/// <param name="Special">Where something stands that is neither a plain nor a quoted word; -1: nowhere.</param>
/// <param name="Bare">The text with quoted parts blanked out.</param>
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
                if (at >= 0)
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
            bare.Append(c is '\'' or '"' or '\\' ? new string('_', i - before + 1) : c.ToString());
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
