using System.Globalization;
using System.Text.RegularExpressions;

namespace Akira.Cli.Testing;

/// <summary>Reads the sums that <c>dotnet test</c> prints at the end of each run, and adds them up.</summary>
internal sealed partial class TestTally
{
    public int Passed { get; private set; }

    /// <summary>Tests, and test programs that broke off or held no test.</summary>
    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    public void Read(string line)
    {
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

    /// <summary>Tests that could not even begin.</summary>
    public void Fail() => Failed++;

    public override string ToString() =>
        $"{Passed} passed, {Failed} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");

    [GeneratedRegex(@"^\s+(?<what>succeeded|failed|skipped|error): (?<count>\d+)\s*$")]
    private static partial Regex Sum();
}
