namespace Akira.Cli.Tests;

/// <summary>
/// Text that somebody approved. When it changes on purpose, look at the received file and move it over the approved one.
/// </summary>
internal static class Approval
{
    public static void Check(string name, string received)
    {
        var approved = Path.Combine(AkiraCommand.Clone, "tests", "Akira.Cli.Tests", "Approved", name);
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : "";
        if (expected != received)
            File.WriteAllText(approved + ".received", received);
        Assert.Equal(expected, received);
    }
}
