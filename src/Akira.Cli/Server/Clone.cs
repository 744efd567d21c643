namespace Akira.Cli.Server;

/// <summary>The clone this program was started from.</summary>
internal static class Clone
{
    /// <summary>As the launcher says; null when the program runs without it.</summary>
    public static string? Folder =>
        Environment.GetEnvironmentVariable("AKIRA_HOME") is { Length: > 0 } home ? home : null;

    /// <summary>The runbooks to obey when nothing else is said: of the current folder, else of the clone.</summary>
    public static string Runbooks =>
        Directory.Exists("runbooks") || Folder is not { } clone
            ? Path.GetFullPath("runbooks")
            : Path.Combine(clone, "runbooks");
}
