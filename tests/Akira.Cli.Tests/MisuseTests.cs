using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

public class MisuseTests
{
    [Fact]
    public async Task A_word_it_does_not_know_is_named_with_where_to_look()
    {
        var run = await Enter("incident");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("akira: 'incident' means nothing here.\nakira: See: akira --help\n", run.Error);
    }

    [Fact]
    public async Task A_missing_argument_is_named()
    {
        var run = await Enter("do", "7");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("COMMAND", run.Error);
        Assert.Contains("akira do --help", run.Error);
    }

    [Theory]
    [InlineData("incidents")]
    [InlineData("incidents", "show", "7")]
    [InlineData("incidents", "watch", "7")]
    [InlineData("do", "7", "ACK anna")]
    [InlineData("ticket", "SEV1 - no calls")]
    [InlineData("deploy", "record", "1.2")]
    public async Task Without_a_responder_one_line_says_the_way_out(params string[] arguments)
    {
        var run = await Enter(arguments);
        Assert.Equal(3, run.ExitCode);
        Assert.Empty(run.Output);
        var line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("http://127.0.0.1:9", line);
        Assert.Contains("akira up", line);
        Assert.Contains("AKIRA_URL", line);
    }

    [Theory]
    [InlineData("7400")]
    [InlineData("ftp://example.org")]
    public async Task A_url_that_is_none_is_a_matter_of_settings(string url)
    {
        var run = await Enter([("AKIRA_URL", url)], "incidents");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("AKIRA_URL is not a web address", run.Error);
    }

    [Fact]
    public async Task A_test_cannot_begin_the_tests_once_more()
    {
        var run = await Enter([("AKIRA_TEST_RUNS", "true")], "test", "--lab");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("The tests run already", run.Error);
    }

    [Fact]
    public async Task Without_a_clone_the_lab_says_where_it_is()
    {
        var run = await Enter([("AKIRA_HOME", "/nowhere")], "lab", "status");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("run ./akira lab in a clone", run.Error);
    }
}
