using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Akira.Core.Incidents;
using Akira.Responder.Steps;

namespace Akira.Responder.Tests.Steps;

public class BashTests
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(30);
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exit_code_zero_is_a_pass()
    {
        var evidence = await Run("echo out; echo err >&2; echo more");
        Assert.Equal((Verdict.Pass, 0, "out\nerr\nmore\n"), (evidence.Verdict, evidence.ExitCode, evidence.Output));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("out\nerr\nmore\n"u8)), evidence.Sha256);
    }

    [Fact]
    public async Task Any_other_exit_code_is_a_fail()
    {
        var evidence = await Run("exit 7");
        Assert.Equal((Verdict.Fail, 7), (evidence.Verdict, evidence.ExitCode));
    }

    [Fact]
    public async Task A_script_that_a_signal_ends_is_a_fail() =>
        Assert.Equal(Verdict.Fail, (await Run("kill -9 $$")).Verdict);

    [Fact]
    public async Task Standard_input_is_empty() =>
        Assert.Equal("[]\n", (await Run("read -r line; echo \"[$line]\"")).Output);

    [Fact]
    public async Task A_script_that_takes_too_long_is_stopped_with_all_its_children()
    {
        var mark = Sleeper.New();
        var evidence = await Run($"echo begun; sleep {mark} & sleep {mark}", TimeSpan.FromSeconds(1));
        Assert.Equal((Verdict.Timeout, null), (evidence.Verdict, evidence.ExitCode));
        Assert.Equal("begun\n", evidence.Output);
        Assert.Equal(0, Sleeper.Running(mark));
    }

    [Fact]
    public async Task A_script_that_ignores_TERM_is_killed()
    {
        var mark = Sleeper.New();
        var clock = Stopwatch.StartNew();
        var script = $"trap '' TERM; (trap '' TERM; sleep {mark}); sleep {mark}";
        Assert.Equal(Verdict.Timeout, (await Run(script, TimeSpan.FromSeconds(1))).Verdict);
        Assert.Equal(0, Sleeper.Running(mark));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task What_a_script_leaves_in_the_background_ends_with_it()
    {
        var mark = Sleeper.New();
        Assert.Equal(Verdict.Pass, (await Run($"sleep {mark} &")).Verdict);
        Assert.Equal(0, Sleeper.Running(mark));
    }

    [Fact]
    public async Task A_flood_is_kept_in_part_counted_and_hashed_whole()
    {
        var evidence = await Run("head -c 30000000 /dev/zero | tr '\\0' x; echo END");
        Assert.Equal(Verdict.Pass, evidence.Verdict);
        Assert.Equal(30_000_004 - (2 * CappedOutput.Half), evidence.DroppedBytes);
        Assert.EndsWith("xEND\n", evidence.Output, StringComparison.Ordinal);
        Assert.InRange(evidence.Output.Length, 2 * CappedOutput.Half, (2 * CappedOutput.Half) + 100);
        var whole = Encoding.ASCII.GetBytes(new string('x', 30_000_000) + "END\n");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)), evidence.Sha256);
    }

    [Theory]
    [InlineData("a\nb", "a\nb\n", true)]
    [InlineData("a\n...\nd", "a\nb\nc\nd", true)]
    [InlineData("a\n...\nd", "a\nd", true)]
    [InlineData("...\nactive", "x\nactive\ny\nactive", true)]
    [InlineData("a", "a  ", true)]
    [InlineData("a", "b", false)]
    [InlineData("a\n...", "b\na", false)]
    [InlineData("a\n...\nd", "a\nb", false)]
    public void Expected_output_may_leave_lines_open(string expected, string printed, bool matches) =>
        Assert.Equal(matches, ExpectedOutput.Matches(expected, printed));

    private async Task<Evidence> Run(string script, TimeSpan? timeout = null)
    {
        using var output = new CappedOutput();
        return await new Bash(new Dictionary<string, string>()).Run(script, timeout ?? Ample, output, _cancel);
    }
}
