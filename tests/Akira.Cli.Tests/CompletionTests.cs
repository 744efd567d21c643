using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

public sealed class CompletionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-completion-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("akira inc", "incidents")]
    [InlineData("akira incidents sh", "show")]
    [InlineData("akira incidents list --j", "--json")]
    [InlineData("akira completion b", "bash")]
    [InlineData("akira completion ", "--help\n-?\n-h\nbash\nfish\nzsh")]
    public async Task Bash_completes_what_is_half_typed(string line, string expected)
    {
        var words = string.Join(' ', line.Split(' ').Select(w => $"'{w}'"));
        var script = $"""
            source <(akira completion bash)
            COMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=({words})
            _akira
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            """;
        var run = await Run("bash", ["-c", script], Clone, [("PATH", PathWithAkira())]);
        Assert.Equal((expected + "\n", ""), (run.Output, run.Error));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Each_shell_gets_a_script_that_asks_akira(string shell)
    {
        var run = await Enter("completion", shell);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[suggest:", run.Output);
    }

    [Fact]
    public async Task A_shell_it_does_not_know_is_misuse()
    {
        var run = await Enter("completion", "tcsh");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("tcsh", run.Error);
    }

    private string PathWithAkira()
    {
        var akira = Path.Combine(_folder, "akira");
        File.WriteAllText(akira, $"#!/bin/sh\nexec dotnet {Dll} \"$@\"\n");
        File.SetUnixFileMode(akira, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
    }
}
