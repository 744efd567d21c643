namespace Akira.Responder.Steps;

/// <summary>Compares what a step printed with what its runbook expects.</summary>
public static class ExpectedOutput
{
    private const string AnyLines = "...";

    /// <summary>Line by line, trailing blanks aside; a line <c>...</c> stands for any lines, none too.</summary>
    public static bool Matches(string expected, string printed)
    {
        var want = Lines(expected);
        var got = Lines(printed);
        // A glob over lines: on a mismatch the last «...» takes one line more.
        int w = 0,
            g = 0,
            star = -1,
            resume = 0;
        while (g < got.Length)
            if (w < want.Length && want[w] == AnyLines)
                (star, resume, w) = (w, g, w + 1);
            else if (w < want.Length && want[w] == got[g])
                (w, g) = (w + 1, g + 1);
            else if (star >= 0)
                (w, g) = (star + 1, ++resume);
            else
                return false;
        return want[w..].All(l => l == AnyLines);
    }

    private static string[] Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(l => l.TrimEnd())];
}
