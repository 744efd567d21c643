using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Runbooks;

/// <summary>The runbooks that ship, from the repository this test was built in.</summary>
internal static class Shipped
{
    public static string Root { get; } = FindRoot();

    public static ImmutableDictionary<string, string> Files { get; } =
        Directory
            .GetFiles(Path.Combine(Root, "runbooks"), "*.md")
            .ToImmutableDictionary(f => Path.GetFileName(f), File.ReadAllText);

    public static Policy Policy { get; } = PolicyReader.Read(Files).Policy!;

    /// <summary>The shipped runbooks with one of them changed.</summary>
    public static PolicyReading With(string before, string after, string file = PolicyReader.PolicyFile)
    {
        Assert.Contains(before, Files[file], StringComparison.Ordinal);
        return PolicyReader.Read(Files.SetItem(file, Files[file].Replace(before, after, StringComparison.Ordinal)));
    }

    /// <summary>The shipped runbooks and one more file with this step in it.</summary>
    public static PolicyReading WithStep(string fence, string script) =>
        PolicyReader.Read(Files.SetItem("more.md", $"# More\n\n```{fence}\n{script}\n```\n"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Akira.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository.");
    }
}
