using System.CommandLine;
using System.Diagnostics;
using Akira.Cli.CommandLine;
using Akira.Cli.Server;

namespace Akira.Cli.Testing;

/// <summary>Every test of the project, with what they need installed first.</summary>
internal sealed class TestVerb : Verb
{
    private const string Running = "AKIRA_TEST_RUNS";

    public TestVerb()
        : base("test", "Run every test, once what they need is installed", "akira test")
    {
        var lab = new Option<bool>("--lab")
        {
            Description = "On the lab too, the real voice platform: as root, and half an hour more",
        };
        Add(lab);
        SetAction((parsed, cancel) => Run(parsed.GetValue(lab), cancel));
    }

    private static async Task<int> Run(bool lab, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable(Running) is { Length: > 0 })
        {
            Screen.Complain("The tests run already, and a test began them once more: that would never end.");
            return Exit.Usage;
        }
        if (lab && !Environment.IsPrivilegedProcess)
        {
            Screen.Complain("The lab needs root: sudo ./akira test --lab. Without --lab every other test runs.");
            return Exit.Usage;
        }
        if (Folders.Clone is not { } clone || !File.Exists(Path.Combine(clone, "Akira.slnx")))
        {
            Screen.Complain("The tests are in the source: run ./akira test in a clone.");
            return Exit.Unavailable;
        }
        if (await DebianPackages.Ensure(cancel) is { } missing)
        {
            Screen.Complain(missing);
            return Exit.Unavailable;
        }

        var tally = new TestTally();
        using var tests = new Process
        {
            StartInfo = new ProcessStartInfo(Environment.ProcessPath!)
            {
                ArgumentList = { "test", "--solution", "Akira.slnx", "-c", "Release", "--no-ansi", "--no-progress" },
                WorkingDirectory = clone,
                RedirectStandardOutput = true,
            },
        };
        // The launcher's own settings are for short verbs.
        tests.StartInfo.Environment.Remove("DOTNET_TieredPGO");
        tests.StartInfo.Environment[Running] = "true";
        tests.StartInfo.Environment["AKIRA_TEST_LAB"] = lab ? "true" : "";
        tests.Start();
        await using var stop = cancel.Register(() => tests.Kill(entireProcessTree: true));
        while (await tests.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            Screen.Say(line);
            tally.Read(line);
        }
        await tests.WaitForExitAsync(CancellationToken.None);
        Screen.Say(tally.ToString());
        return tests.ExitCode == 0 && tally is { Passed: > 0, Failed: 0 } ? Exit.Ok : Exit.Negative;
    }
}
