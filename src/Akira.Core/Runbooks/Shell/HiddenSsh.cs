using System.Buffers;
using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Shell;

/// <summary>
/// An ssh that is not the first word of its line: behind a pipe, in a substitution, under another program. It would go
/// to a host that nobody has named.
/// </summary>
internal static partial class HiddenSsh
{
    /// <summary>Programs whose words are a host and what to run there.</summary>
    private const string Programs = "(?:ssh|slogin|mosh|pssh|parallel-ssh|pdsh)";

    /// <summary>What the names of all of them have in them.</summary>
    private static readonly SearchValues<string> Ways = SearchValues.Create(
        ["ssh", "slogin", "mosh", "pdsh"],
        StringComparison.Ordinal
    );

    /// <returns>Where it stands in the script; -1: there is none.</returns>
    public static int In(string script)
    {
        if (!script.AsSpan().ContainsAny(Ways))
            return -1;
        for (var at = 0; at < script.Length; )
        {
            var indent = script.AsSpan(at).IndexOfAnyExcept(' ', '\t');
            var begin = indent < 0 ? script.Length : at + indent;
            var statement = Statement.Read(script, begin);
            if (statement.Problem is not null)
                return Launched().Match(script, at) is { Success: true } after ? after.Groups["ssh"].Index : -1;
            if (statement.Words is [{ Value: "ssh" }, ..])
                return begin;
            if (In(statement, begin) is var hidden and >= 0)
                return hidden;
            at = statement.End + 1;
        }
        return -1;
    }

    /// <param name="begin">Of the statement, whose first word is no plain <c>ssh</c>.</param>
    /// <inheritdoc cref="In(string)"/>
    public static int In(Statement statement, int begin)
    {
        if (Launched().Match(statement.Bare) is { Success: true } launched)
            return begin + launched.Groups["ssh"].Index;
        var isShell = false;
        foreach (var word in statement.Words)
        {
            if (word.Quoted && isShell && Quoted().IsMatch(word.Value))
                return word.Offset;
            isShell |= Shells().IsMatch(word.Value);
        }
        foreach (var word in statement.Words)
            if (!Assignment().IsMatch(word.Value))
                return Program().IsMatch(word.Value) ? word.Offset : -1;
        return -1;
    }

    /// <summary>At the beginning of a command, or after programs that start another.</summary>
    [GeneratedRegex(
        @"(?:^|[;&|({`!\n]|\b(?:do|then|else|elif|if|while|until|sudo|doas|exec|nohup|nice|setsid|time|timeout|env|command|xargs|parallel|watch|sshpass)(?:\s+-\S+(?:\s+[\w.]+)??|\s+\w+=\S*|\s+\d\S*)*\s)\s*(?:\w+=\S*\s+)*(?<ssh>(?:/[\w./-]*/)?"
            + Programs
            + @")\s|(?<ssh>\bssh)\s+(?:-\S+\s+)*[\w.-]+@"
    )]
    private static partial Regex Launched();

    [GeneratedRegex($@"(?:^|/){Programs}\z")]
    private static partial Regex Program();

    [GeneratedRegex(@"(?:^|/)(?:sh|bash|dash|zsh|eval|su)\z")]
    private static partial Regex Shells();

    [GeneratedRegex(@"\bssh\s")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\w+=")]
    private static partial Regex Assignment();
}
