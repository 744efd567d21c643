using System.Collections.Immutable;
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

    /// <param name="Parts">In the order they run.</param>
    /// <param name="Targets">Where each host is named, into the script.</param>
    internal sealed record Division(
        ImmutableArray<StepPart> Parts,
        ImmutableArray<(string Host, int Offset)> Targets,
        ImmutableArray<Unclear> Unclear
    );

    public static Division Of(string script)
    {
        var parts = ImmutableArray.CreateBuilder<StepPart>();
        var targets = ImmutableArray.CreateBuilder<(string, int)>();
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
                return new([], [], unclear.DrainToImmutable());
            }
            if (statement.Words is [{ Value: "ssh", Quoted: false }, ..])
            {
                EndLocal();
                if (Remote(script, statement, begin, unclear) is { } part)
                {
                    parts.Add(part);
                    targets.Add((part.Host!, HostOffset(statement.Words[1])));
                }
            }
            else
            {
                var text = script[begin..statement.End];
                if (HiddenSsh.In(statement, begin) is var hidden and >= 0)
                    unclear.Add(new(hidden, "ssh stands where its target can not be told apart", QuoteIt));
                if (text.Length > 0 && text[0] != '#')
                    local.Add(text);
            }
            at = statement.End + 1;
        }
        EndLocal();
        // A loop or a condition around an ssh line would be torn in two by the division.
        if (
            targets.Count > 0
            && Compound().Match(string.Join('\n', parts.Where(p => p.Host is null).Select(p => p.Script))).Success
        )
            unclear.Add(
                new(
                    0,
                    "a loop, condition or function stands beside an ssh line",
                    "Put it inside the quotes, or into a script on the host"
                )
            );
        return new(parts.DrainToImmutable(), targets.DrainToImmutable(), unclear.DrainToImmutable());

        void EndLocal()
        {
            if (local.Count > 0)
                parts.Add(new StepPart(null, null, string.Join('\n', local)));
            local.Clear();
        }
    }

    private static StepPart? Remote(
        string script,
        Statement statement,
        int begin,
        ImmutableArray<Unclear>.Builder unclear
    )
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
        var inner = string.Join(' ', rest.Prepend(first).Select(w => w.Value));
        if (string.IsNullOrWhiteSpace(inner))
        {
            unclear.Add(new(first.Offset, "ssh is given no command", QuoteIt));
            return null;
        }
        if (HiddenSsh.In(inner) is var further and >= 0)
        {
            // Exact where nothing had to be unquoted before it.
            var quote = first.Offset + (first.Quoted ? 1 : 0);
            var isExact = script.AsSpan(quote).StartsWith(inner.AsSpan(0, further));
            unclear.Add(
                new(
                    isExact ? quote + further : first.Offset,
                    "the host is told to go on to another one, which no guard would see",
                    "Give the other host an ssh line of its own"
                )
            );
            return null;
        }
        var user = match.Groups["user"] is { Success: true } u ? u.Value : null;
        return new StepPart(match.Groups["host"].Value, user, inner.Trim('\n'));
    }

    /// <summary>Where quotes stand in the word, its beginning.</summary>
    private static int HostOffset(ShellWord target) =>
        target.Offset + (target.Quoted ? 0 : target.Value.LastIndexOf('@') + 1);

    [GeneratedRegex(@"^(?:(?<user>[A-Za-z_][A-Za-z0-9_.-]*)@)?(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)\z")]
    private static partial Regex Target();

    [GeneratedRegex(
        @"^\s*(?:if|for|while|until|case|select|function|\{|\()(?:\s|$)|^\s*[\w-]+\s*\(\)",
        RegexOptions.Multiline
    )]
    private static partial Regex Compound();
}
