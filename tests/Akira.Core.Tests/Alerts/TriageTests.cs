using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Tests.Incidents;

namespace Akira.Core.Tests.Alerts;

public class TriageTests
{
    [Theory]
    [InlineData("critical", 1)]
    [InlineData("page", 1)]
    [InlineData("Warning", 2)]
    [InlineData("info", 3)]
    [InlineData("none", 3)]
    [InlineData("SEV2", 2)]
    [InlineData("sev-3", 3)]
    public void The_severity_label_is_read_in_the_words_that_rules_use(string word, int level) =>
        Assert.Equal(new Severity(level), Of(("alertname", "A"), ("severity", word)).Severity);

    [Theory]
    [InlineData("weird")]
    [InlineData("SEV42")]
    public void A_severity_that_nobody_knows_is_assumed_to_be_the_worst(string word)
    {
        var triaged = Of(("alertname", "A"), ("severity", word));
        Assert.Equal(Policies.Sev1, triaged.Severity);
        Assert.Contains("is assumed", triaged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_severity_is_assumed_to_be_the_worst() =>
        Assert.Equal(Policies.Sev1, Of(("alertname", "A")).Severity);

    [Fact]
    public void The_subsystem_comes_from_the_plainest_label()
    {
        Assert.Equal("CDR pipeline", Of(("subsystem", "cdr_pipeline"), ("service", "kamailio")).Subsystem);
        Assert.Equal("signaling", Of(("service", "kamailio")).Subsystem);
        Assert.Equal("signaling", Of(("job", "kamailio")).Subsystem);
        Assert.Equal("signaling", Of(("instance", "sip-01:9100")).Subsystem);
        Assert.Equal("signaling", Of(("instance", "https://10.0.0.1:5061/x")).Subsystem);
        Assert.Equal("signaling", Of(("alertname", "KamailioDown")).Subsystem);
        Assert.Equal(Policy.Unclassified, Of(("alertname", "Watchdog")).Subsystem);
    }

    [Fact]
    public void The_fingerprint_is_the_one_that_Prometheus_computes() =>
        // common/model: LabelSet{}.Fingerprint() is the FNV-1a offset itself.
        Assert.Equal("cbf29ce484222325", Fingerprint.Of(LabelSet.Empty));

    [Fact]
    public void The_fingerprint_tells_label_names_from_values() =>
        Assert.NotEqual(Fingerprint.Of(LabelSet.Of("a", "bc")), Fingerprint.Of(LabelSet.Of("ab", "c")));

    private static TriagedAlert Of(params (string Name, string Value)[] labels)
    {
        var set = LabelSet.Of(labels.Select(l => KeyValuePair.Create(l.Name, l.Value)));
        return Triage.Of(new Alert(Fingerprint.Of(set), set, LabelSet.Empty, Story.Start, null, null), Policies.Small);
    }
}
