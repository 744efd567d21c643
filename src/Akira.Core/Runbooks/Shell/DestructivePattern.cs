using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Shell;

/// <summary>
/// Words that, in this order and with anything between them, mark a command as destructive. <c>a|b</c> is either;
/// <c>mkfs*</c> is any word that begins so; <c>-r</c> is any joined short options with an r in them.
/// </summary>
internal sealed partial record DestructivePattern(string Pattern)
{
    private readonly string[][] steps = [.. Pattern.Split(' ').Select(s => s.Split('|'))];

    public bool IsIn(IReadOnlyList<string> words)
    {
        var next = 0;
        foreach (var word in words)
            if (steps[next].Any(s => Matches(s, word)) && ++next == steps.Length)
                return true;
        return false;
    }

    /// <summary>
    /// The words of each command as they might come to be after a shell's work: quotes and backslashes gone, whatever
    /// stands in a substitution or in braces counted as words of the command around it.
    /// </summary>
    public static IEnumerable<string[]> Commands(string script) =>
        Joints()
            .Split(Glue().Replace(script, ""))
            .Select(c =>
                c.Split([' ', '\t', '(', ')', '{', '}', '`', '$', '<', '>', ','], StringSplitOptions.RemoveEmptyEntries)
            );

    private static bool Matches(string step, string word)
    {
        if (step.StartsWith("--", StringComparison.Ordinal) && step.EndsWith('*'))
            return word.StartsWith(step[..^1], StringComparison.Ordinal);
        if (step.StartsWith("--", StringComparison.Ordinal))
            return word == step || word.StartsWith(step + "=", StringComparison.Ordinal);
        if (step is ['-', var letter])
            return word.Length > 1
                && word[0] == '-'
                && word[1] != '-'
                && word.Contains(letter, StringComparison.Ordinal);
        if (step.StartsWith('-'))
            return word == step;
        // A program by its name, wherever it stands; anything else as written.
        return Is(step, word) || Is(step, word[(word.LastIndexOf('/') + 1)..]);
    }

    private static bool Is(string step, string name) =>
        step.EndsWith('*')
            ? name.StartsWith(step[..^1], StringComparison.OrdinalIgnoreCase)
            : name.Equals(step, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"&&|\|\||[;&\n]")]
    private static partial Regex Joints();

    [GeneratedRegex(@"\\\n|[""'\\]")]
    private static partial Regex Glue();
}
