namespace Akira.Cli.Server;

/// <summary>Where things are when nobody says otherwise.</summary>
internal static class Folders
{
    /// <summary>The clone this program was started from, as the launcher says; null when it runs without the launcher.</summary>
    public static string? Clone => Setting("AKIRA_HOME");

    /// <summary>Of the current folder, else of the clone.</summary>
    public static string Runbooks =>
        Directory.Exists("runbooks") || Clone is not { } clone ? "runbooks" : Path.Combine(clone, "runbooks");

    /// <summary>What a responder must not forget.</summary>
    public static string Data => Path.Combine(Setting("XDG_DATA_HOME") ?? UnderHome(".local", "share"), "akira");

    /// <summary>What the demo may forget.</summary>
    public static string Demo => Path.Combine(Setting("XDG_STATE_HOME") ?? UnderHome(".local", "state"), "akira-demo");

    /// <summary>A variable of the environment; null when it is not set, or empty.</summary>
    public static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string UnderHome(params ReadOnlySpan<string> path) =>
        Path.Combine([Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), .. path]);
}
