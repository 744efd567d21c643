using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Shell;

/// <summary>
/// Words that, in this order and with anything between them, mark a command as destructive. <c>a|b</c> is either;
/// <c>mkfs*</c> is any word that begins so; <c>-r</c> is any joined short options with an r in them.
/// </summary>
internal sealed partial record DestructivePattern(string Pattern)
{
    private readonly string[][] steps = [.. Pattern.Split(' ').Select(s => s.Split('|'))];

    /// <param name="Name">The text after its last slash: a program by its name, wherever it stands.</param>
    public readonly record struct Word(string Text, string Name);

    public bool IsIn(Word[] words)
    {
        var next = 0;
        foreach (var word in words)
            if (Matches(steps[next], word) && ++next == steps.Length)
                return true;
        return false;
    }

    /// <summary>
    /// The words of each command as they might come to be after a shell's work: quotes and backslashes gone, whatever
    /// stands in a substitution or in braces counted as words of the command around it. Once more without the comments
    /// of SQL, which can stand between any two words.
    /// </summary>
    public static IEnumerable<Word[]> Commands(string script)
    {
        var plain = Glue().Replace(script, "");
        return plain.Contains("/*", StringComparison.Ordinal)
            ? Divide(plain).Concat(Divide(Comment().Replace(plain, " ")))
            : Divide(plain);
    }

    private static IEnumerable<Word[]> Divide(string script)
    {
        foreach (var command in Joints().Split(script))
            yield return
            [
                .. command
                    .Split(
                        [' ', '\t', '(', ')', '{', '}', '`', '$', '<', '>', ','],
                        StringSplitOptions.RemoveEmptyEntries
                    )
                    .Select(w => new Word(w, w[(w.LastIndexOf('/') + 1)..])),
            ];
    }

    private static bool Matches(string[] either, Word word)
    {
        foreach (var step in either)
            if (Matches(step, word))
                return true;
        return false;
    }

    private static bool Matches(string step, Word word)
    {
        if (step[0] != '-')
            return Is(step, word.Text) || !ReferenceEquals(word.Text, word.Name) && Is(step, word.Name);
        if (word.Text[0] != '-')
            return false;
        if (step is ['-', '-', .., '*'])
            return word.Text.AsSpan().StartsWith(step.AsSpan(0, step.Length - 1), StringComparison.Ordinal);
        if (step.StartsWith("--", StringComparison.Ordinal))
            return word.Text == step
                || word.Text.Length > step.Length
                    && word.Text[step.Length] == '='
                    && word.Text.StartsWith(step, StringComparison.Ordinal);
        if (step is ['-', var letter])
            return word.Text is ['-', not '-', ..] && word.Text.Contains(letter, StringComparison.Ordinal);
        return word.Text == step;
    }

    private static bool Is(string step, string name) =>
        step[^1] == '*'
            ? name.AsSpan().StartsWith(step.AsSpan(0, step.Length - 1), StringComparison.OrdinalIgnoreCase)
            : name.Equals(step, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"&&|\|\||[;&\n]")]
    private static partial Regex Joints();

    [GeneratedRegex(@"\\\n|[""'\\]")]
    private static partial Regex Glue();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
