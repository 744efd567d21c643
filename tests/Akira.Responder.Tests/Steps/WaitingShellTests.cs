using System.Diagnostics;
using Akira.Responder.Steps.Ssh;

namespace Akira.Responder.Tests.Steps;

/// <summary>The shell that waits on a host for its script, here on this machine, started as sshd would.</summary>
public sealed class WaitingShellTests
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bash")]
    [InlineData("dash")]
    public async Task It_is_as_if_bash_had_been_given_the_script(string logIn)
    {
        const string script = """
            # a comment first
            x=5; wait; echo "[$s$t] $x $0 it's"
            cat <<E
            $((x + 1))
            E
            read -r line; echo "[$line]"
            timeout -s INT 0.2 sleep 9; echo $?
            nowhere
            trap 'echo bye' EXIT
            exit 7
            """;
        var (code, said, errors) = await Feed(RemoteScript.Fed(script, TimeSpan.FromSeconds(9)), logIn);
        Assert.Equal("[] 5 bash it's\n6\n[]\n124\nbash: line 8: nowhere: command not found\nbye\n", said);
        Assert.Equal(7, code);
        Assert.NotNull(RemoteScript.Group(errors));
    }

    [Fact]
    public async Task A_script_that_breaks_off_never_begins()
    {
        var whole = RemoteScript.Fed("echo one; echo two", TimeSpan.FromSeconds(9));
        foreach (var length in new[] { 0, 1, 2, 3, 12, whole.Length - 1 })
        {
            var (code, said, errors) = await Feed(whole[..length]);
            Assert.Equal((1, ""), (code, said));
            Assert.Null(RemoteScript.Group(errors));
        }
    }

    [Theory]
    [InlineData("sleep {0}")]
    [InlineData("trap '' TERM; sleep {0}; sleep {0}")]
    [InlineData("(trap '' TERM; sleep {0}; sleep {0}) & sleep {0}")]
    public async Task What_nobody_ends_ends_itself(string script)
    {
        var mark = Sleeper.New();
        var (code, _, _) = await Feed(
            System.Text.Encoding.UTF8.GetBytes("1\n" + script.Replace("{0}", mark, StringComparison.Ordinal) + "\0")
        );
        Assert.NotEqual(0, code);
        Assert.Equal(0, Sleeper.Running(mark));
    }

    [Fact]
    public async Task What_a_script_leaves_in_the_background_ends_with_it()
    {
        var mark = Sleeper.New();
        var (code, said, _) = await Feed(RemoteScript.Fed($"sleep {mark} & echo done", TimeSpan.FromSeconds(9)));
        Assert.Equal((0, "done\n"), (code, said));
        Assert.Equal(0, Sleeper.Running(mark));
    }

    private async Task<(int ExitCode, string Said, string Errors)> Feed(byte[] input, string logIn = "bash")
    {
        var start = new ProcessStartInfo("setsid", ["--wait", logIn, "-c", RemoteScript.Waiting])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var shell = Process.Start(start)!;
        await shell.StandardInput.BaseStream.WriteAsync(input, _cancel);
        shell.StandardInput.Close();
        var (said, errors) = (
            shell.StandardOutput.ReadToEndAsync(_cancel),
            shell.StandardError.ReadToEndAsync(_cancel)
        );
        await shell.WaitForExitAsync(_cancel);
        return (shell.ExitCode, await said, await errors);
    }
}
