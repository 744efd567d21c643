using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Shell;

/// <summary>What the words of a reading command may be.</summary>
internal static partial class PlainWord
{
    public static bool None(string word) => false;

    public static bool Setting(string word) => !word.Contains('=', StringComparison.Ordinal);

    /// <summary>
    /// Not a device: to open one can already act (a watchdog restarts the machine), and to read one can take away what
    /// others wait for. Ways around the name count as the name.
    /// </summary>
    public static bool File(string word) => word is "/dev/null" or "/dev/stdin" || !Device().IsMatch(word);

    /// <summary>In the folder where the command runs, and in no other.</summary>
    public static bool FileName(string word) => !word.Contains('/', StringComparison.Ordinal);

    /// <summary>No braces or brackets: curl would make many requests of them.</summary>
    public static bool WebAddress(string word) => Web().IsMatch(word);

    /// <summary>A name of a host, user or database, or a path; not a connection string, which can carry options.</summary>
    public static bool Name(string word) => Named().IsMatch(word);

    /// <summary>An operand of <c>test</c>: bash runs what stands in the subscript of <c>-v 'a[$(…)]'</c>.</summary>
    public static bool Operand(string word) => word.AsSpan().IndexOfAny("[]$`()") < 0;

    /// <summary>A word of <c>printf</c>, whose <c>%n</c> makes bash write a variable.</summary>
    public static bool Printed(string word) => !Counting().IsMatch(word);

    [GeneratedRegex(@"%[^A-Za-z%]*[hlLjzt]*n")]
    private static partial Regex Counting();

    [GeneratedRegex(@"(?:^|[/=])(?:dev|\.\.)(?:/|\z)|/proc/kmsg|^/(?:\.?/)*(?:[^/]*|proc/.*)[*?\[]")]
    private static partial Regex Device();

    [GeneratedRegex(@"^https?://[^\s{}\[\]]+\z", RegexOptions.IgnoreCase)]
    private static partial Regex Web();

    [GeneratedRegex(@"^[A-Za-z0-9_./-]+\z")]
    private static partial Regex Named();
}
