using System.Diagnostics;

namespace Akira.Cli.Tests;

/// <summary>The built command, run as a process of its own.</summary>
internal static class AkiraCommand
{
    /// <summary>The clone the tests were built in.</summary>
    public static string Clone { get; } = FindClone();

    /// <summary>The program, built in the same configuration as these tests: <c>bin/Release/net10.0/</c>.</summary>
    public static string Dll { get; } =
        Path.Combine(
            Clone,
            "src",
            "Akira.Cli",
            Path.GetRelativePath(Path.Combine(Clone, "tests", "Akira.Cli.Tests"), AppContext.BaseDirectory),
            "akira.dll"
        );

    public static Task<Run> Enter(params string[] arguments) => Enter([], arguments);

    /// <param name="environment">Added to one in which no responder is named and no demo is known.</param>
    public static Task<Run> Enter((string, string)[] environment, params string[] arguments) =>
        Run(
            "dotnet",
            [Dll, .. arguments],
            Clone,
            [
                ("AKIRA_URL", "http://127.0.0.1:9"), // the discard port: nothing listens
                ("AKIRA_TOKEN", ""),
                ("AKIRA_HOME", Clone),
                ("XDG_STATE_HOME", "/nonexistent"),
                .. environment,
            ]
        );

    public static async Task<Run> Run(
        string program,
        string[] arguments,
        string folder,
        (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Run(process.ExitCode, await output, await error);
    }

    private static string FindClone()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Akira.slnx")))
            folder =
                Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("These tests run in a clone.");
        return folder;
    }
}

internal sealed record Run(int ExitCode, string Output, string Error);
