using System.Collections.Immutable;
using System.Text;

namespace Akira.Core.Runbooks.Shell;

/// <summary>
/// Reads a script of nothing but plain words joined by <c>&amp;&amp;</c>, <c>||</c>, <c>;</c>, <c>|</c> and line breaks: the only
/// form in which what will run is what is written. Anything a shell would expand, redirect or put in the background
/// makes the whole unreadable here.
/// </summary>
internal static class PlainCommands
{
    /// <returns>The commands as unquoted words; null when the script is more than plain words.</returns>
    public static ImmutableArray<ImmutableArray<string>>? Read(string script)
    {
        var commands = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var words = ImmutableArray.CreateBuilder<string>();
        StringBuilder? word = null;
        for (var i = 0; i < script.Length; i++)
        {
            var c = script[i];
            switch (c)
            {
                case ' ' or '\t':
                    EndWord();
                    break;
                case '\n' or ';':
                    EndCommand();
                    break;
                case '|':
                case '&' when i + 1 < script.Length && script[i + 1] == '&':
                    if (i + 1 < script.Length && script[i + 1] == c)
                        i++;
                    EndCommand();
                    break;
                case '#' when word is null:
                    i = (script.IndexOf('\n', i) is var end and >= 0 ? end : script.Length) - 1;
                    break;
                case '\'' or '"':
                    var close = script.IndexOf(c, i + 1);
                    if (close < 0)
                        return null;
                    var quoted = script.AsSpan(i + 1, close - i - 1);
                    if (c == '"' && quoted.IndexOfAny("$`\\!") >= 0)
                        return null;
                    (word ??= new()).Append(quoted);
                    i = close;
                    break;
                case '*' or '?' or '[' or ']' when word is { Length: > 0 } && word[0] == '/' && words.Count > 0:
                    // A pattern that begins with a slash can not turn into an option.
                    word.Append(c);
                    break;
                default:
                    if (char.IsControl(c) || char.IsWhiteSpace(c) || "$`\\<>&(){}*?[]!".Contains(c))
                        return null;
                    (word ??= new()).Append(c);
                    break;
            }
        }
        EndCommand();
        return commands.DrainToImmutable();

        void EndWord()
        {
            if (word is not null)
                words.Add(word.ToString());
            word = null;
        }

        void EndCommand()
        {
            EndWord();
            if (words.Count > 0)
                commands.Add(words.DrainToImmutable());
        }
    }
}
