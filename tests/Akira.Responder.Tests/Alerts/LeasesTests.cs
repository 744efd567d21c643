using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Silences;
using Akira.Responder.Alerts;

namespace Akira.Responder.Tests.Alerts;

/// <summary>When an alert that is no longer sent again counts as over.</summary>
public sealed class LeasesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private readonly Leases _leases = new(TimeSpan.FromMinutes(5));

    [Fact]
    public void A_lease_runs_out_at_its_end_and_not_before()
    {
        Fires("a");
        Assert.Empty(_leases.RunOut(At(4)));
        Assert.Equal(["a"], RunOut(5));
    }

    [Fact]
    public void A_lease_that_was_renewed_runs_out_at_its_new_end()
    {
        Fires("a");
        Assert.True(_leases.TryRenew("a", null, At(4)));
        Assert.Empty(RunOut(8));
        Assert.Equal(["a"], RunOut(9));
    }

    [Fact]
    public void A_re_send_that_shortens_a_lease_is_noticed_in_time()
    {
        Fires("a", endsAt: At(60));
        Assert.Empty(RunOut(1));
        Assert.True(_leases.TryRenew("a", At(10), At(2)));
        Assert.Empty(RunOut(9));
        Assert.Equal(["a"], RunOut(10));
    }

    [Fact]
    public void One_that_begins_after_a_look_is_seen_by_the_next()
    {
        Fires("a", endsAt: At(60));
        Assert.Empty(RunOut(1));
        Fires("b", endsAt: At(3));
        Assert.Equal(["b"], RunOut(3));
        Assert.Equal(["a", "b"], RunOut(60).Order());
    }

    [Fact]
    public void An_end_that_was_not_recorded_is_tried_again()
    {
        Fires("a");
        Assert.Equal(["a"], RunOut(5));
        Assert.True(_leases.TryTake("a", At(5)));
        _leases.Restore("a", At(5));
        Assert.Equal(["a"], RunOut(5));
    }

    private void Fires(string fingerprint, DateTimeOffset? endsAt = null)
    {
        var alert = new Alert(fingerprint, LabelSet.Empty, LabelSet.Empty, Start, endsAt, null);
        var kept = new SilenceEntry.Kept(1, [new TriagedAlert(alert, new Severity(1), "database", null, "")]);
        _leases.Follow(new LoggedSilence(1, Start, Actor.Akira, kept));
    }

    private IEnumerable<string> RunOut(int minutes) => _leases.RunOut(At(minutes)).Select(l => l.Fingerprint);

    private static DateTimeOffset At(int minutes) => Start.AddMinutes(minutes);
}
