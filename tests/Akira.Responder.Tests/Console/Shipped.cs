namespace Akira.Responder.Tests.Console;

internal static class Shipped
{
    /// <summary>The folder of runbooks that comes with the project.</summary>
    public static string Runbooks { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        Directory.Exists(Path.Combine(folder, "runbooks", "..", "src"))
            ? Path.Combine(folder, "runbooks")
            : Find(Path.GetDirectoryName(folder)!);
}
