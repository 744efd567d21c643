using System.Globalization;

namespace Akira.Responder.Tests.Steps;

/// <summary>A <c>sleep</c> for so many seconds that nobody else would sleep for them: whether it lives can be seen.</summary>
internal static class Sleeper
{
    private static int s_count;

    public static string New() => $"{10_000 + Interlocked.Increment(ref s_count)}.{Environment.ProcessId}";

    public static int Running(string seconds) => Processes(seconds).Count;

    public static IReadOnlyList<int> Processes(string seconds) =>
        [
            .. Directory
                .GetDirectories("/proc")
                .Where(p =>
                {
                    try
                    {
                        return File.ReadAllText(Path.Combine(p, "cmdline"))
                            .StartsWith($"sleep\0{seconds}\0", StringComparison.Ordinal);
                    }
                    catch (IOException)
                    {
                        return false;
                    }
                })
                .Select(p => int.Parse(Path.GetFileName(p), CultureInfo.InvariantCulture)),
        ];
}
