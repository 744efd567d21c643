using System.Diagnostics;
using System.Text.RegularExpressions;
using Akira.Core.Runbooks;

namespace Akira.Benchmarks.Runbooks;

/// <summary>Many runbooks, and a long one, made of those that ship.</summary>
internal sealed partial class CheckBench : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akira-bench-check-");
    private readonly Dictionary<string, string> _shipped;
    private readonly string[] _copied = ["deploy.md", "dr.md", "cert-renewal.md", "vault-unseal.md"];

    public CheckBench() =>
        _shipped = Directory
            .GetFiles(Path.Combine(Peer.Home(), "runbooks"), "*.md")
            .ToDictionary(f => Path.GetFileName(f), File.ReadAllText);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Seconds that <c>akira check</c> takes, from the start of its process to its end.</summary>
    /// <param name="files">In all, the shipped ones among them.</param>
    public double Files(int files)
    {
        var folder = _folder.CreateSubdirectory("files").FullName;
        foreach (var (name, text) in _shipped)
            File.WriteAllText(Path.Combine(folder, name), text);
        for (var i = _shipped.Count; i < files; i++)
            File.WriteAllText(Path.Combine(folder, $"team-{i}.md"), Copy(i));
        return Check(folder);
    }

    /// <summary>Seconds to read one runbook of this length beside the shipped ones, in a process that has read before.</summary>
    public double Length(int length)
    {
        var text = "";
        for (var i = 0; text.Length < length; i++)
            text += Copy(i) + "\n";
        // Not through the middle of a step.
        text = text[..text.LastIndexOf("\n# ", length, StringComparison.Ordinal)];
        var files = new Dictionary<string, string>(_shipped) { ["long.md"] = text };
        var clock = Stopwatch.StartNew();
        var reading = PolicyReader.Read(files);
        var took = clock.Elapsed.TotalSeconds;
        return reading.Findings.IsEmpty
            ? took
            : throw new InvalidOperationException($"the long runbook should be clean: {reading.Findings[0]}");
    }

    /// <summary>A runbook that ships, its steps named anew.</summary>
    private string Copy(int number) =>
        StepName().Replace(_shipped[_copied[number % _copied.Length]], $"name=$1-{number}");

    private static double Check(string folder)
    {
        var clock = Stopwatch.StartNew();
        using var check = Process.Start(
            new ProcessStartInfo("dotnet", [Peer.Program(), "check", folder]) { RedirectStandardOutput = true }
        )!;
        var said = check.StandardOutput.ReadToEnd();
        check.WaitForExit();
        var took = clock.Elapsed.TotalSeconds;
        return check.ExitCode == 0 ? took : throw new InvalidOperationException(said);
    }

    [GeneratedRegex(@"name=([\w-]+)")]
    private static partial Regex StepName();
}
