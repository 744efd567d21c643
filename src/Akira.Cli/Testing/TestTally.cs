using System.Globalization;
using System.Text.RegularExpressions;

namespace Akira.Cli.Testing;

/// <summary>
/// Reads what <c>dotnet test</c> prints: adds up the sums at the end of each run, and keeps what it said of each failure.
/// </summary>
internal sealed partial class TestTally
{
    private const int LinesKept = 60; // of one failure: a test may print a whole log

    private readonly List<string> failures = [];
    private int linesLeft;

    public int Passed { get; private set; }

    /// <summary>Tests, and test programs that broke off or held no test.</summary>
    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>The failures as they were printed, to be read again where somebody looks first: at the end.</summary>
    public IReadOnlyList<string> Failures => failures;

    public void Read(string line)
    {
        KeepFailure(line);
        if (Sum().Match(line) is not { Success: true } sum)
            return;
        var count = int.Parse(sum.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        switch (sum.Groups["what"].Value)
        {
            case "succeeded":
                Passed += count;
                break;
            case "failed" or "error":
                Failed += count;
                break;
            case "skipped":
                Skipped += count;
                break;
        }
    }

    private void KeepFailure(string line)
    {
        if (line.StartsWith("failed ", StringComparison.Ordinal) || BrokenOff().IsMatch(line))
            linesLeft = LinesKept;
        else if (line is not ("" or [' ', ' ', ..]) && !line.StartsWith("Exit code: ", StringComparison.Ordinal))
            linesLeft = 0;
        if (linesLeft-- > 0)
            failures.Add(line);
    }

    /// <summary>Tests that could not even begin.</summary>
    public void Fail() => Failed++;

    public override string ToString() =>
        $"{Passed} passed, {Failed} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");

    /// <summary>A test program that ended before its tests did: what it said of that stands below.</summary>
    [GeneratedRegex(@"^/\S+\.dll .* failed \(")]
    private static partial Regex BrokenOff();

    [GeneratedRegex(@"^\s+(?<what>succeeded|failed|skipped|error): (?<count>\d+)\s*$")]
    private static partial Regex Sum();
}
