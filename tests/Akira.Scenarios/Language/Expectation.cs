using System.Runtime.CompilerServices;

namespace Akira.Scenarios.Language;

/// <summary>Something that may have happened between two times.</summary>
/// <param name="Words">What is looked for, for the message of a test that fails.</param>
/// <param name="HappenedIn">After the first time, and not after the second.</param>
internal sealed record Expectation(string Words, Func<Night, DateTimeOffset, DateTimeOffset, bool> HappenedIn)
{
    /// <summary>The channel was handed a page for just these people, by name or by role.</summary>
    public static Expectation Page(params string[] to) =>
        new(
            $"a page to {(to.Length == 0 ? "anybody" : string.Join(" and ", to))}",
            (night, after, until) =>
                night.Pages.Any(p =>
                    p.At > after && p.At <= until && (to.Length == 0 || night.People(to).SetEquals(p.To))
                )
        );

    /// <summary>The channel was handed a page whose text has these words in it.</summary>
    public static Expectation PageSaying(params string[] words) =>
        new(
            $"a page that says {string.Join(" and ", words)}",
            (night, after, until) =>
                night.Pages.Any(p =>
                    p.At > after
                    && p.At <= until
                    && words.All(w => p.Text.Contains(w, StringComparison.OrdinalIgnoreCase))
                )
        );

    /// <summary>A reminder whose text has these words in it was logged: nobody is woken for it.</summary>
    public static Expectation Reminder(params string[] words) =>
        Logged<Entry.Reminded>(
            r => words.All(w => r.Text.Contains(w, StringComparison.OrdinalIgnoreCase)),
            $"a reminder of {string.Join(" and ", words)}"
        );

    /// <summary>A step ran, and came to this.</summary>
    public static Expectation Ran(string step, Verdict verdict) =>
        Logged<Entry.StepFinished>(s => s.Step == step && s.Verdict == verdict, $"{step} to end with {verdict}");

    /// <summary>A row of the matrix came due.</summary>
    public static Expectation Escalated(string outcome) =>
        Logged<Entry.Escalated>(e => e.Outcome == outcome, $"a row of the matrix, {outcome}");

    /// <summary>An entry of this kind is in the log of the incident in question.</summary>
    public static Expectation Logged<T>(
        Func<T, bool>? which = null,
        [CallerArgumentExpression(nameof(which))] string words = ""
    )
        where T : Entry =>
        new(
            which is null ? typeof(T).Name : $"{typeof(T).Name}: {words}",
            (night, after, until) =>
                night.Log.Any(l =>
                    l.At > after && l.At <= until && l.Entry is T entry && (which is null || which(entry))
                )
        );
}
