using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Runbooks;

namespace Akira.Scenarios.Language;

/// <summary>A folder of runbooks as texts, to be edited as a person would: words for words.</summary>
internal sealed record Runbooks(ImmutableSortedDictionary<string, string> Files)
{
    /// <summary>
    /// What the project ships, but for a few lines: hosts and public addresses are a closed port of this machine and nothing is
    /// probed, so that no test talks to the world, and the smoke call is made here, since no host is reached from here.
    /// </summary>
    public static Runbooks Shipped { get; } = Load();

    /// <summary>The same without the local commands of the snapshot and the smoke call: hundreds of nights run on it.</summary>
    public static Runbooks Quiet { get; } =
        Shipped.Edit(
            "curl -fsS -I http://127.0.0.1:9/healthz || true\ncurl -fsS -I http://127.0.0.1:9 || true",
            "true"
        );

    /// <summary>Changes the words of the policy, which must stand there once.</summary>
    public Runbooks Edit(string was, string becomes) => Edit(PolicyReader.PolicyFile, was, becomes);

    public Runbooks Edit(string file, string was, string becomes)
    {
        var text = Files[file];
        var found = text.Split(was).Length - 1;
        return found == 1
            ? new Runbooks(Files.SetItem(file, text.Replace(was, becomes, StringComparison.Ordinal)))
            : throw new ArgumentException($"{file} has {found} times: {was}");
    }

    /// <summary>Takes a whole line out of the policy, and what continues it in an indented line.</summary>
    public Runbooks Without(string lineBeginsWith)
    {
        var lines = Files[PolicyReader.PolicyFile].Split('\n').ToList();
        var first = lines.FindIndex(l => l.StartsWith(lineBeginsWith, StringComparison.Ordinal));
        if (first < 0)
            throw new ArgumentException($"No line begins with: {lineBeginsWith}");
        do lines.RemoveAt(first);
        while (lines[first].StartsWith("  ", StringComparison.Ordinal));
        return new Runbooks(Files.SetItem(PolicyReader.PolicyFile, string.Join('\n', lines)));
    }

    /// <summary>Appends to a file, or makes it.</summary>
    public Runbooks Add(string file, string text) =>
        new(Files.SetItem(file, Files.GetValueOrDefault(file, "") + "\n" + text));

    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, text) in Files)
            if (Path.Combine(folder, file) is var path && !(File.Exists(path) && File.ReadAllText(path) == text))
                File.WriteAllText(path, text);
    }

    private static Runbooks Load()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "runbooks");
        var files = Directory
            .EnumerateFiles(folder, "*.md")
            .ToImmutableSortedDictionary(f => Path.GetFileName(f), File.ReadAllText, StringComparer.Ordinal);
        var platform = Regex.Replace(files["platform.md"], "`[a-z]+:[^`]*` \\|", "- |");
        files = files.SetItem("platform.md", Regex.Replace(platform, @"10(\.\d+){3}", "127.0.0.1:9"));
        return new Runbooks(files)
            .Edit(
                "curl -fsS -I https://mgmt.akira-staging.asheep.it/healthz",
                "curl -fsS -I http://127.0.0.1:9/healthz"
            )
            .Edit("curl -fsS -I https://grafana.akira-staging.asheep.it", "curl -fsS -I http://127.0.0.1:9")
            .Edit("curl -vkI https://mgmt.akira-staging.asheep.it", "curl -vkI http://127.0.0.1:9")
            .Edit(
                """
                ssh root@akira-sipp-01-staging '
                cd /opt/akira/sipp
                ./run_scenario.sh smoke_e2e_single.xml smoke_target.csv
                '
                """,
                "echo smoke_e2e_single: 1 successful call"
            );
    }
}
