using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

/// <summary>The launcher in a clone of its own, with a <c>dotnet</c> that only says what it was asked to do.</summary>
public sealed class LauncherTests : IDisposable
{
    private const string Dotnet = """
        #!/bin/bash
        case $1 in
          --list-sdks) echo "$SDKS" ;;
          publish)
            echo built >> "$BUILDS"
            sleep "${BUILD_TAKES:-0}"
            [ -z "${BROKEN-}" ] || { echo "Program.cs(1,1): error CS1002: ; expected [akira]"; echo noise; exit 1; }
            while [ "$1" != -o ]; do shift; done
            touch "$2/akira.dll" ;;
          *) shift; echo "run: $*" ;;
        esac
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("akira-launcher-").FullName;

    public LauncherTests()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "src", "Akira.Cli", "Incidents"));
        File.Copy(Path.Combine(Clone, "akira"), Path.Combine(Folder, "akira"));
        foreach (var name in (string[])["Directory.Build.props", "global.json", ".editorconfig", "BannedSymbols.txt"])
            File.WriteAllText(Path.Combine(Folder, name), "");
        File.WriteAllText(Source, "");
        AddProgram("dotnet", Dotnet);
    }

    private string Folder => Path.Combine(_root, "a clone");

    private string Source => Path.Combine(Folder, "src", "Akira.Cli", "Incidents", "ListVerb.cs");

    private int Builds => File.Exists(BuildLog) ? File.ReadAllLines(BuildLog).Length : 0;

    private string BuildLog => Path.Combine(_root, "builds");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_first_start_builds_and_then_runs_the_verb()
    {
        var run = await Launch("do", "7", "ACK  anna");
        Assert.Equal((0, "run: do 7 ACK  anna\n"), (run.ExitCode, run.Output));
        Assert.StartsWith("akira: building for the first time", Assert.Single(run.Error.TrimEnd().Split('\n')));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task The_second_start_runs_what_was_built_without_a_word()
    {
        await Launch("check");
        var run = await Launch("check");
        Assert.Equal((0, "", 1), (run.ExitCode, run.Error, Builds));
    }

    [Fact]
    public async Task A_source_that_changed_is_built()
    {
        await Launch("check");
        Touch(Source);
        var run = await Launch("check");
        Assert.Equal("akira: building what changed ...\n", run.Error);
        Assert.Equal(2, Builds);
    }

    [Fact]
    public async Task A_source_that_was_removed_is_a_change()
    {
        await Launch("check");
        File.Delete(Source);
        Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(Source)!, Later());
        await Launch("check");
        Assert.Equal(2, Builds);
    }

    [Fact]
    public async Task What_compilers_leave_behind_is_no_change_and_neither_is_a_runbook()
    {
        await Launch("check");
        Touch(Path.Combine(Folder, "src", "Akira.Cli", "obj", "project.assets.json"));
        Touch(Path.Combine(Folder, "src", "Akira.Cli", "bin", "akira.dll"));
        Touch(Path.Combine(Folder, "runbooks", "dr.md"));
        await Launch("check");
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task Two_at_once_build_once()
    {
        var runs = await Task.WhenAll(
            LaunchWith([("BUILD_TAKES", "0.5")], "a"),
            LaunchWith([("BUILD_TAKES", "0.5")], "b")
        );
        Assert.Equal(["run: a\n", "run: b\n"], runs.Select(r => r.Output));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task A_build_that_fails_shows_the_compilers_errors_and_leaves_the_last_good_one()
    {
        await Launch("check");
        Touch(Source);
        var run = await LaunchWith([("BROKEN", "yes")], "check");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("Program.cs(1,1): error CS1002", run.Error);
        Assert.DoesNotContain("noise", run.Error);
        Assert.Contains("build.log", run.Error);
        Assert.Single(Directory.GetDirectories(Path.Combine(Folder, "artifacts", "akira")));
    }

    [Fact]
    public async Task It_is_found_through_symbolic_links()
    {
        var links = Directory.CreateDirectory(Path.Combine(_root, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(links, "second"), "../a clone/akira");
        File.CreateSymbolicLink(Path.Combine(links, "first"), "second");
        var run = await Run(Path.Combine(links, "first"), ["check"], "/", Environment());
        Assert.Equal((0, "run: check\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task A_build_that_somebody_removed_is_made_again()
    {
        await Launch("check");
        foreach (var build in Directory.GetDirectories(Path.Combine(Folder, "artifacts", "akira")))
            Directory.Delete(build, recursive: true);
        var run = await Launch("check");
        Assert.Equal((0, "run: check\n"), (run.ExitCode, run.Output));
    }

    [Theory]
    [InlineData("8.0.404 [/usr/share/dotnet/sdk]")]
    [InlineData("")]
    public async Task Without_the_right_SDK_one_line_says_what_to_install(string sdks)
    {
        var run = await LaunchWith([("SDKS", sdks)], "check");
        Assert.Equal((3, ""), (run.ExitCode, run.Output));
        var line = Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Contains(".NET 10 SDK is missing", line);
        Assert.Contains("dotnet-install.sh", line);
    }

    [Fact]
    public async Task Without_any_dotnet_it_says_the_same()
    {
        File.Delete(Path.Combine(_root, "path", "dotnet"));
        var run = await Launch("check");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains(".NET 10 SDK is missing", Assert.Single(run.Error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_dotnet_in_the_home_folder_is_found()
    {
        var home = Directory.CreateDirectory(Path.Combine(_root, "home", ".dotnet")).FullName;
        File.Move(Path.Combine(_root, "path", "dotnet"), Path.Combine(home, "dotnet"));
        var run = await Launch("check");
        Assert.Equal((0, "run: check\n"), (run.ExitCode, run.Output));
    }

    private Task<Run> Launch(params string[] arguments) => LaunchWith([], arguments);

    private Task<Run> LaunchWith((string, string)[] environment, params string[] arguments) =>
        Run(Path.Combine(Folder, "akira"), arguments, _root, [.. Environment(), .. environment]);

    /// <summary>A PATH on which only our dotnet and what the launcher itself needs are found.</summary>
    private (string, string)[] Environment()
    {
        foreach (
            var tool in (string[])
                [
                    "bash",
                    "dirname",
                    "find",
                    "flock",
                    "grep",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "readlink",
                    "rm",
                    "sleep",
                    "sort",
                    "touch",
                    "uname",
                    "cat",
                ]
        )
        {
            var link = Path.Combine(_root, "path", tool);
            if (!File.Exists(link))
                File.CreateSymbolicLink(link, File.Exists("/usr/bin/" + tool) ? "/usr/bin/" + tool : "/bin/" + tool);
        }
        return
        [
            ("PATH", Path.Combine(_root, "path")),
            ("HOME", Path.Combine(_root, "home")),
            ("DOTNET_ROOT", "/nonexistent"),
            ("SDKS", "10.0.401 [/usr/share/dotnet/sdk]"),
            ("BUILDS", BuildLog),
        ];
    }

    private void AddProgram(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "path")).FullName, name);
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Touch(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "changed");
        File.SetLastWriteTimeUtc(file, Later());
    }

    // Past the granularity of any file system's clock.
    private static DateTime Later() => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2);
}
