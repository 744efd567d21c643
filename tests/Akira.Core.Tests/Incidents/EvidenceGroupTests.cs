using Akira.Core.Incidents;

namespace Akira.Core.Tests.Incidents;

public class EvidenceGroupTests
{
    [Fact]
    public void Hosts_that_say_the_same_are_shown_as_one()
    {
        var groups = EvidenceGroup.Of([Of("db-1", "up"), Of("db-2", "DOWN"), Of("db-3", "up")]);
        Assert.Equal(["db-1, db-3", "db-2"], groups.Select(g => string.Join(", ", g.Hosts)));
        Assert.Equal("DOWN", groups[1].Evidence.Output);
    }

    [Fact]
    public void The_same_words_with_another_end_stand_apart()
    {
        var failed = Of("db-2", "up") with { Verdict = Verdict.Fail, ExitCode = 1 };
        var remarked = Of("db-3", "up") with { Remark = "the output is not what the runbook expects" };
        Assert.Equal(3, EvidenceGroup.Of([Of("db-1", "up"), failed, remarked]).Length);
    }

    private static Evidence Of(string host, string output) =>
        new(host, Verdict.Pass, 0, output, 0, output, TimeSpan.FromMilliseconds(output.Length));
}
