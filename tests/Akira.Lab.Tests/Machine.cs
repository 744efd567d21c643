using System.Diagnostics;

namespace Akira.Lab.Tests;

/// <summary>Programs on this machine, and the lab's own command.</summary>
internal static class Machine
{
    public static string Root { get; } = FindRoot();

    private static string LabCommand => Path.Combine(Root, "lab", "lab");

    /// <param name="Output">Both streams, as a terminal would show them.</param>
    internal sealed record Ran(int ExitCode, string Output, TimeSpan Took);

    public static Task<Ran> Lab(params string[] words) => Run(TimeSpan.FromMinutes(10), LabCommand, words);

    /// <summary>A script as a person would paste it, in a shell that has read the lab's settings.</summary>
    public static Task<Ran> Paste(string script, TimeSpan? timeout = null) =>
        Run(timeout ?? TimeSpan.FromMinutes(2), "bash", "-c", $". {LabState()}/lab.env\nexec 2>&1\n{script}");

    public static string LabState() =>
        Environment.GetEnvironmentVariable("AKIRA_LAB_STATE") is { Length: > 0 } state
            ? state
            : Path.Combine(Root, "artifacts", "lab");

    public static async Task<Ran> Run(TimeSpan timeout, string program, params string[] words)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(
            new ProcessStartInfo(program, words)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(timeout, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', words)} did not end within {timeout}");
        }
        return new Ran(process.ExitCode, await output + await errors, clock.Elapsed);
    }

    /// <summary>Starts the lab's command in a process group of its own, and kills that group after a while, as if power failed.</summary>
    public static async Task KillDuring(TimeSpan after, params string[] words)
    {
        using var process = Process.Start(
            new ProcessStartInfo("setsid", ["--wait", LabCommand, .. words]) { RedirectStandardError = true }
        )!;
        await Task.Delay(after, TimeProvider.System);
        var group = File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children").Trim();
        if (group.Length > 0)
            await Run(TimeSpan.FromSeconds(5), "kill", "-KILL", "--", "-" + group);
        await process.WaitForExitAsync();
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Akira.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository.");
    }
}
