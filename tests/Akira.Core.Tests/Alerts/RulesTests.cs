using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Conditions;

namespace Akira.Core.Tests.Alerts;

public class RulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Condition KamailioDown = When("kamailio.up", 0) with { Text = "kamailio.up  =\n0" };

    private readonly SampleHistory history = new();

    [Fact]
    public void A_condition_that_holds_fires_an_alert_that_says_what_and_where()
    {
        See("kamailio.up", 0);

        var alert = Assert.Single(Rules.Evaluate(Ruled(KamailioDown), history, Noon, []));

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["alertname"] = "kamailio.up = 0",
                ["service"] = "kamailio",
                ["severity"] = "SEV1",
                ["source"] = "akira",
                ["subsystem"] = "signaling",
            },
            alert.Labels
        );
        Assert.Equal("kamailio.up is 0", alert.Summary);
        Assert.Equal((Noon, null), (alert.StartsAt, alert.EndsAt));
        Assert.Equal(Fingerprint.Of(alert.Labels), alert.Fingerprint);
    }

    [Fact]
    public void An_alert_that_fires_already_is_no_news()
    {
        See("kamailio.up", 0);
        var firing = Rules.Evaluate(Ruled(KamailioDown), history, Noon, []);

        Assert.Empty(Rules.Evaluate(Ruled(KamailioDown), history, Noon.AddSeconds(1), firing));
    }

    [Fact]
    public void It_ends_when_its_condition_does_not_hold()
    {
        See("kamailio.up", 0);
        var firing = Rules.Evaluate(Ruled(KamailioDown), history, Noon, []);
        See("kamailio.up", 1, after: 1);

        var ended = Assert.Single(Rules.Evaluate(Ruled(KamailioDown), history, Noon.AddSeconds(1), firing));

        Assert.Equal((firing[0].Fingerprint, Noon.AddSeconds(1)), (ended.Fingerprint, ended.EndsAt));
        Assert.Equal("kamailio.up is 1, not 0", ended.Summary);
    }

    [Fact]
    public void It_does_not_end_because_nothing_is_known()
    {
        See("kamailio.up", 0);
        var firing = Rules.Evaluate(Ruled(KamailioDown), history, Noon, []);

        Assert.Empty(Rules.Evaluate(Ruled(KamailioDown), history, Noon.AddHours(1), firing));
        Assert.Empty(Rules.Evaluate(Ruled(KamailioDown), new(), Noon, firing));
        See("kamailio.up", null, after: 1);
        Assert.Empty(Rules.Evaluate(Ruled(KamailioDown), history, Noon.AddSeconds(1), firing));
    }

    [Fact]
    public void It_ends_when_the_policy_drops_its_condition()
    {
        See("kamailio.up", 0);
        var firing = Rules.Evaluate(Ruled(KamailioDown), history, Noon, []);

        Assert.Equal(Noon, Assert.Single(Rules.Evaluate(Ruled(), history, Noon, firing)).EndsAt);
    }

    [Fact]
    public void One_condition_under_two_severities_is_two_alerts()
    {
        See("kamailio.up", 0);
        var policy = Ruled(KamailioDown);
        policy = policy with
        {
            Severities = [.. policy.Severities, policy.Severities[0] with { Severity = new Severity(2) }],
        };

        var severities = Rules.Evaluate(policy, history, Noon, []).Select(a => a.Labels["severity"]);

        Assert.Equal(["SEV1", "SEV2"], severities);
    }

    [Theory]
    [InlineData("asr", "signaling")]
    [InlineData("ner", "signaling")]
    [InlineData("pdd.p95", "signaling")]
    [InlineData("calls.attempts", "signaling")]
    [InlineData("cdr.backlog_age", "CDR pipeline")]
    [InlineData("cert.expires_in", "certificate")]
    [InlineData("vault.sealed", "Vault")]
    [InlineData("replication.lag", "database")]
    [InlineData("kamailio.up", "signaling")]
    [InlineData("akira-frontend.up", "management app")]
    [InlineData("signaling.up", "signaling")]
    [InlineData("cdr-pipeline.up", "CDR pipeline")]
    [InlineData("weather.up", "unclassified")]
    public void A_sample_tells_its_subsystem(string sample, string subsystem) =>
        Assert.Equal(subsystem, Rules.Subsystem(Ruled(), sample));

    [Fact]
    public void Labels_of_the_condition_are_labels_of_the_alert()
    {
        var t1 = ImmutableSortedDictionary<string, string>.Empty.Add("trunk", "t1");
        history.Add(new("trunk.up", t1, 0, Noon));

        var alert = Assert.Single(
            Rules.Evaluate(
                Ruled(new Condition.Comparison("trunk.up", t1, Operator.Equal, 0, null, null) { Text = "t1 is down" }),
                history,
                Noon,
                []
            )
        );

        Assert.Equal("t1", alert.Labels["trunk"]);
    }

    [Fact]
    public void A_subsystem_is_up_while_one_of_its_services_is()
    {
        var platform = Ruled().Platform;

        Assert.Equal(0, Signaling(("kamailio", 0), ("rtpengine", 0)));
        Assert.Equal(1, Signaling(("kamailio", 0), ("rtpengine", 1)));
        Assert.Equal(0, Signaling(("kamailio", 0), ("rtpengine", null)));
        Assert.Null(Signaling(("kamailio", null)));

        double? Signaling(params (string Service, double? Up)[] services) =>
            SamplesOfSubsystems
                .Of(platform, [.. services.Select(s => Sample.Of(s.Service + ".up", s.Up, Noon))])
                .SingleOrDefault(s => s.Name == "signaling.up")
                ?.Value;
    }

    [Fact]
    public void A_subsystem_is_as_old_as_the_newest_look_at_its_services()
    {
        var looks = new[]
        {
            Sample.Of("kamailio.up", 0, Noon.AddSeconds(2)),
            Sample.Of("rtpengine.up", 0, Noon.AddSeconds(1)),
        };

        var signaling = SamplesOfSubsystems.Of(Ruled().Platform, looks).Single(s => s.Name == "signaling.up");

        Assert.Equal(Noon.AddSeconds(2), signaling.At);
    }

    private void See(string name, double? value, int after = 0) =>
        history.Add(Sample.Of(name, value, Noon.AddSeconds(after)));

    private static Condition.Comparison When(string sample, double value) =>
        new(sample, ImmutableSortedDictionary<string, string>.Empty, Operator.Equal, value, null, null);

    private static Policy Ruled(params ImmutableArray<Condition> opensSev1) =>
        new(
            Hash: "",
            Severities: [new(new Severity(1), "Outage", "", TimeSpan.FromMinutes(15), "", true, [], null, opensSev1)],
            Subsystems: ["signaling", "database", "CDR pipeline", "management app", "certificate", "Vault"],
            Kickoff: [],
            RunbookIndex: [],
            MitigationOrder: [],
            Escalation: [],
            Gates: [],
            PostmortemTemplate: null,
            Caveats: [],
            Stability: TimeSpan.FromMinutes(30),
            GuardedSeverities: [],
            ConfirmerMustDiffer: false,
            Runbooks: [],
            Platform: new(
                [],
                [
                    new("kamailio", "signaling", "sip-01", "kamailio", [], null),
                    new("rtpengine", "signaling", "sip-01", "rtpengine", [], null),
                    new("akira-frontend", "Management app", "mgmt-01", null, [], null),
                ],
                []
            )
        );
}
