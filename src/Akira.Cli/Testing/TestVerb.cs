using System.CommandLine;
using System.Diagnostics;
using Akira.Cli.CommandLine;
using Akira.Cli.Lab;
using Akira.Cli.Server;

namespace Akira.Cli.Testing;

/// <summary>Every test of the project, with what they need installed first.</summary>
internal sealed class TestVerb : Verb
{
    private const string Running = "AKIRA_TEST_RUNS";

    public TestVerb()
        : base("test", "Run every test, once what they need is installed", "akira test", "akira test --lab --quick")
    {
        var lab = new Option<bool>("--lab")
        {
            Description = "On the lab too, the real voice platform: as root, and a good half hour more",
        };
        var quick = new Option<bool>("--quick")
        {
            Description = "Of the lab's tests six drills, and no up that is killed at many moments: ten minutes",
        };
        Add(lab);
        Add(quick);
        SetAction((parsed, cancel) => Run(parsed.GetValue(lab), parsed.GetValue(quick), cancel));
    }

    private static async Task<int> Run(bool lab, bool quick, CancellationToken cancel)
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
        var passed = await Tests(clone, tally, onLab: false, cancel, "--solution", "Akira.slnx");
        // Not beside the others: the lab takes the whole machine, and its seconds are measured.
        if (lab && !cancel.IsCancellationRequested)
            passed &= await OnTheLab(clone, tally, quick ? ["--filter-not-trait", "Takes=long"] : [], cancel);
        if (tally.Failures.Count > 0)
            Screen.Say($"{Environment.NewLine}Once more, what failed:");
        foreach (var line in tally.Failures)
            Screen.Say(line);
        Screen.Say(tally.ToString());
        return passed && tally is { Passed: > 0, Failed: 0 } ? Exit.Ok : Exit.Negative;
    }

    /// <summary>The lab comes up, its tests run, and it goes down whatever came of them.</summary>
    private static async Task<bool> OnTheLab(
        string clone,
        TestTally tally,
        IEnumerable<string> filter,
        CancellationToken cancel
    )
    {
        try
        {
            // It says itself what stands in its way, once; its tests would say it all over.
            if (await LabVerb.Run("up", []) == Exit.Ok)
                return await Tests(
                    clone,
                    tally,
                    onLab: true,
                    cancel,
                    ["--project", "tests/Akira.Lab.Tests", "--output", "Detailed", .. filter]
                );
            Screen.Complain("The lab did not come up: none of its tests ran.");
            tally.Fail();
            return false;
        }
        finally
        {
            await LabVerb.Run("down", []);
        }
    }

    private static async Task<bool> Tests(
        string clone,
        TestTally tally,
        bool onLab,
        CancellationToken cancel,
        params string[] which
    )
    {
        using var tests = new Process
        {
            StartInfo = new ProcessStartInfo(
                Environment.ProcessPath!,
                ["test", .. which, "-c", "Release", "--no-ansi", "--no-progress"]
            )
            {
                WorkingDirectory = clone,
                RedirectStandardOutput = true,
            },
        };
        // The launcher's own settings are for short verbs.
        tests.StartInfo.Environment.Remove("DOTNET_TieredPGO");
        tests.StartInfo.Environment[Running] = "true";
        tests.StartInfo.Environment["AKIRA_TEST_LAB"] = onLab ? "true" : "";
        tests.Start();
        await using var stop = cancel.Register(() => tests.Kill(entireProcessTree: true));
        while (await tests.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            Screen.Say(line);
            tally.Read(line);
        }
        await tests.WaitForExitAsync(CancellationToken.None);
        return tests.ExitCode == 0;
    }
}
