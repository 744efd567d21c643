using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Silences;
using CsCheck;

namespace Akira.Core.Tests.Silences;

public class MatcherTests
{
    [Theory]
    [InlineData("job=\"sip\"", true)]
    [InlineData("job=sip", true)]
    [InlineData("job=\"si\"", false)]
    [InlineData("job!=\"sip\"", false)]
    [InlineData("job!=db", true)]
    [InlineData("host=~\"db-.*\"", true)]
    [InlineData("host=~\"db\"", false)] // a pattern holds for the whole value
    [InlineData("host!~\"db-.*\"", false)]
    [InlineData("host=~\"web-1|db-1\"", true)]
    [InlineData("rack=\"\"", true)] // a label that is not there is empty
    [InlineData("rack!=\"\"", false)]
    [InlineData("rack=~\".+\"", false)]
    public void A_matcher_holds_as_it_does_in_Alertmanager(string matcher, bool holds) =>
        Assert.Equal(holds, Matcher.TryParse(matcher)!.Matches(Alert("warning")));

    [Theory]
    [InlineData("severity=\"warning\"")]
    [InlineData("severity=SEV2")]
    [InlineData("subsystem=database")]
    [InlineData("service=postgresql")]
    public void Severity_subsystem_and_service_are_what_was_said_and_what_was_made_of_it(string matcher) =>
        Assert.True(Matcher.TryParse(matcher)!.Matches(Alert("warning")));

    [Theory]
    [InlineData("job")]
    [InlineData("=sip")]
    [InlineData("1job=sip")]
    [InlineData("job==sip\" x")]
    [InlineData("job=~\"(\"")]
    [InlineData("job=~\"(a)\\1\"")] // no pattern that may take for ever
    public void What_is_no_matcher_is_not_taken_for_one(string text) => Assert.Null(Matcher.TryParse(text));

    [Fact]
    public void A_matcher_reads_back_as_it_was_written() =>
        Gen.Select(Gen.Bool.Select(b => b ? "=" : "!="), Gen.String[Gen.Char["ab \"\\.*|µ"], 0, 12])
            .Sample(
                (op, value) =>
                {
                    var text = $"job{op}\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
                    var read = Matcher.TryParse(text);
                    Assert.Equal(value, read!.Value);
                    Assert.Equal(text, read.ToString());
                }
            );

    internal static TriagedAlert Alert(string severity)
    {
        var labels = LabelSet.Of(
            new Dictionary<string, string>
            {
                ["alertname"] = "DiskFull",
                ["job"] = "sip",
                ["host"] = "db-1",
                ["severity"] = severity,
            }
        );
        var alert = new Alert(Fingerprint.Of(labels), labels, LabelSet.Empty, DateTimeOffset.UnixEpoch, null, null);
        return new TriagedAlert(alert, new Severity(severity == "critical" ? 1 : 2), "database", "postgresql", "");
    }
}
