using System.Runtime.CompilerServices;

namespace Akira.Tests;

/// <summary>
/// Text that somebody approved. When it changes on purpose, look at the received file and move it over the approved one.
/// </summary>
internal static class Approval
{
    /// <param name="name">Of the file in the folder <c>Approved</c> of the test's project.</param>
    public static void Check(string name, string received, [CallerFilePath] string test = "")
    {
        var project = Path.GetDirectoryName(test)!;
        while (Directory.GetFiles(project, "*.csproj").Length == 0)
            project = Path.GetDirectoryName(project)!;
        var approved = Path.Combine(project, "Approved", name);
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : "";
        if (expected != received)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(approved)!);
            File.WriteAllText(approved + ".received", received);
        }
        Assert.Equal(expected, received);
    }
}
