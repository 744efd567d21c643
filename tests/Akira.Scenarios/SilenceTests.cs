namespace Akira.Scenarios;

/// <summary>Silences and maintenance windows: no page for what is known, and nothing hidden.</summary>
public class SilenceTests
{
    private const int NoIncident = 0;

    private const string Window = """
        ## Maintenance windows

        | Window | Silences | When | Lasts | Why |
        | --- | --- | --- | --- | --- |
        | base backup | `database` | every day at 03:10 UTC | 20 minutes | replication lags while it runs |
        """;

    [Fact]
    public Task A_silenced_alert_opens_nothing_and_pages_nobody_but_is_counted_and_seen() =>
        Quiet()
            .Says("/silence database for 1h base backup")
            .Alert("ReplicationLag", "warning", "postgresql")
            .At(30.Minutes())
            .ExpectThat(night => night.Incidents == 0 && night.Pages.Count == 0)
            .ExpectThat(night => night.Silencing.Standing[1].Alerts == 1)
            .ExpectThat(night => night.Silencing.Alerts.Values.Single().Alert.Alert.Name == "ReplicationLag")
            .Says("/silences")
            .ExpectThat(night => night.LastReply.Contains("1 alert fires under it; oncall-one: base backup"))
            .Says("/status")
            .ExpectThat(night => night.LastReply.Contains("1 silence holds, 1 alert fires under them"))
            .Run();

    [Fact]
    public Task A_silence_that_ends_while_alerts_still_fire_opens_the_incident_then() =>
        Quiet()
            .Says("/silence database for 1h base backup")
            .Alert("ReplicationLag", "warning", "postgresql")
            .At(1.Hours() - 5.Seconds())
            .ExpectThat(night => night.Incidents == 0)
            .At(1.Hours())
            .About(1)
            .Expect(Page("primary"))
            .Expect(i => i.FiringCount == 1 && i.Subsystem == "database")
            .At(2.Hours()) // and its sender is believed as before
            .Expect(i => i.FiringCount == 1)
            .Run();

    [Fact]
    public Task A_silence_that_is_ended_by_hand_opens_it_at_once() =>
        Quiet()
            .Says("/silence database for 1h base backup")
            .Alert("ReplicationLag", "warning", "postgresql")
            .At(10.Minutes())
            .Says("/unsilence 1", by: "bruno")
            .About(1)
            .Expect(Page("primary"))
            .RefusedTo("bruno", "/unsilence 1", "silence-ended")
            .RefusedTo("bruno", "/unsilence 2", "no-silence")
            .Run();

    [Fact]
    public Task An_alert_that_ends_under_its_silence_leaves_no_trace_but_in_the_log() =>
        Quiet()
            .Says("/silence database for 1h base backup")
            .Alert("ReplicationLag", "warning", "postgresql")
            .At(10.Minutes())
            .AlertEnds("ReplicationLag")
            .At(2.Hours())
            .ExpectThat(night => night.Incidents == 0 && night.Silencing.Alerts.IsEmpty)
            .ExpectThat(night => night.SilenceLog.SequenceEqual(new[] { "Set", "Kept", "LetGo", "Ended" }))
            .Run();

    [Fact]
    public Task A_silenced_alert_that_nobody_repeats_has_ended_as_any_other() =>
        Quiet()
            .Says("/silence database for 1h base backup")
            .Alert("ReplicationLag", "warning", "postgresql")
            .At(10.Minutes())
            .SenderFallsSilent("ReplicationLag")
            .At(20.Minutes())
            .ExpectThat(night => night.Silencing.Alerts.IsEmpty)
            .Run();

    [Theory]
    [InlineData("/silence signaling for 1h new kernel")]
    [InlineData("/silence alertname=~\".*\" for 1h quiet please")]
    [InlineData("/silence severity!=SEV3 for 1h quiet please")]
    [InlineData("/silence severity=~\"SEV1|critical\" for 1h quiet please")]
    public Task A_SEV1_is_not_silenced_unless_it_is_named(string silence) =>
        Quiet()
            .Says(silence)
            .Alert("KamailioDown", "critical", "kamailio")
            .About(1)
            .Expect(Page("primary", "Massimo"))
            .Run();

    [Fact]
    public Task An_alert_that_says_no_severity_is_taken_for_a_SEV1_and_pages() =>
        Quiet()
            .Says("/silence signaling for 1h new kernel")
            .Alert("KamailioOdd", null, "kamailio")
            .About(1)
            .Expect(Page("primary", "Massimo"))
            .Run();

    [Theory]
    [InlineData("/silence SEV1 signaling for 1h the switch is replaced")]
    [InlineData("/silence severity=critical signaling for 1h the switch is replaced")]
    public Task A_SEV1_that_is_named_is_silenced_and_the_log_has_who_and_why(string silence) =>
        Quiet()
            .Says(silence)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(30.Minutes())
            .ExpectThat(night => night.Incidents == 0)
            .ExpectThat(night => night.Silencing.Standing[1].By == Night.Primary)
            .ExpectThat(night => night.Silencing.Standing[1].Reason == "the switch is replaced")
            .At(1.Hours())
            .About(1)
            .Expect(Page("primary", "Massimo"))
            .Run();

    [Fact]
    public Task Nobody_silences_everything_or_for_ever_or_a_SEV1_over_a_shift() =>
        Quiet()
            .Refused("/silence {} for 1h quiet please", "silence-too-wide")
            .Refused("/silence database for 8 days on holiday", "silence-too-long", "7 d")
            .Refused("/silence SEV1 database for 5h it will be", "silence-too-long", "SEV1", "4 h")
            .Refused("/silence SEV1 for 1h quiet please", "silence-too-wide", "SEV1")
            .Refused("/silence SEV1 host=~\".*\" for 1h quiet please", "silence-too-wide", "SEV1")
            .Refused("/silence SEV1 host!=\"x\" for 1h quiet please", "silence-too-wide", "SEV1")
            .Refused("/silence database for 0h quiet please", "silence-too-short")
            .ExpectThat(night => night.Silencing.Standing.IsEmpty)
            .Run();

    [Fact]
    public Task Two_silences_of_a_SEV1_are_not_set_one_after_the_other_as_if_they_were_one() =>
        Quiet()
            .Says("/silence SEV1 database from 2026-03-01T09:30Z for 4h the disk is replaced")
            .Refused("/silence SEV1 database from 2026-03-01T13:30Z for 4h and again", "silence-too-long", "1 h")
            .Refused("/silence SEV1 database from 2026-03-01T06:00Z for 3h before it", "silence-too-long", "1 h")
            .Says("/silence SEV1 signaling from 2026-03-01T13:30Z for 4h another matter")
            .Says("/silence SEV1 database from 2026-03-01T14:30Z for 4h and again")
            .ExpectThat(night => night.Silencing.Standing.Count == 3)
            .Run();

    [Fact]
    public Task One_of_a_SEV1_that_is_over_is_not_followed_at_once_by_another() =>
        Quiet()
            .Says("/silence SEV1 database for 4h the disk is replaced")
            .At(4.Hours() + 1.Minutes())
            .Refused("/silence SEV1 database for 4h and again", "silence-too-long", "1 h")
            .At(5.Hours() + 1.Minutes())
            .Says("/silence SEV1 database for 4h and again")
            .At(6.Hours())
            .Says("/unsilence 2")
            .Refused("/silence SEV1 database for 4h in one go as it were", "silence-too-long", "1 h")
            .Says("/silence SEV1 database for 2h what was left of it")
            .Run();

    [Fact]
    public Task An_alert_that_says_no_severity_pages_under_a_silence_that_names_the_worst() =>
        Quiet()
            .Says("/silence SEV1 signaling for 1h the switch is replaced")
            .Alert("KamailioOdd", null, "kamailio")
            .About(1)
            .Expect(Page("primary", "Massimo"))
            .Run();

    [Fact]
    public Task A_silence_holds_from_its_beginning_not_before() =>
        Quiet()
            .Says("/silence database from 2026-03-01T03:30Z for 1h base backup")
            .At(5.Minutes())
            .Alert("ReplicationLag", "warning", "postgresql")
            .About(1)
            .Expect(Page("primary"))
            .At(40.Minutes())
            .Alert("DiskFull", "warning", subsystem: "database")
            .ExpectThat(night => night.Silencing.Alerts.Count == 1)
            .Run();

    [Fact]
    public Task What_fires_silenced_in_an_open_incident_pages_nobody_and_still_keeps_it_from_being_resolved() =>
        Scenario
            .With(Runbooks.Quiet)
            .Alert("ReplicationLag", "warning", "postgresql")
            .Says("ACK oncall-one")
            .Says("/silence alertname=DiskFull for 1h a disk is on its way")
            .Alert("DiskFull", "warning", subsystem: "database")
            .At(5.Minutes())
            .AlertEnds("ReplicationLag")
            .Says("/mitigated the standby caught up")
            .ExpectThat(night => night.Pages.Count == 1)
            .Expect(i => i.FiringCount == 1 && i.State == IncidentState.Mitigated)
            .Refused("/resolve", "gates-unmet", "1 alert still fires")
            .At(1.Hours()) // and when the silence is over it is known that it was not mitigated
            .Expect(Logged<Entry.MitigationFailed>())
            .Run();

    [Fact]
    public Task A_silenced_alert_joins_an_incident_that_opens_later() =>
        Quiet()
            .Says("/silence alertname=DiskFull for 1h a disk is on its way")
            .Alert("DiskFull", "warning", subsystem: "database")
            .At(5.Minutes())
            .Says("/ticket \"SEV2 - database slow\"")
            .At(6.Minutes())
            .About(1)
            .Expect(i => i.FiringCount == 1)
            .ExpectThat(night => night.Pages.Count == 1)
            .Run();

    [Fact]
    public Task A_silence_and_what_it_keeps_back_survive_a_restart() =>
        Quiet()
            .Says("/silence database for 1h base backup")
            .Alert("ReplicationLag", "warning", "postgresql")
            .At(10.Minutes())
            .Restart()
            .At(59.Minutes())
            .ExpectThat(night => night.Incidents == 0 && night.Silencing.Alerts.Count == 1)
            .At(1.Hours())
            .About(1)
            .Expect(Page("primary"))
            .ExpectThat(night => night.Incidents == 1)
            .Run();

    [Fact]
    public Task A_silence_that_ran_out_while_the_responder_was_down_is_over_when_it_comes_back() =>
        Quiet()
            .Says("/silence database for 1h base backup")
            .Alert("ReplicationLag", "warning", "postgresql")
            .At(58.Minutes())
            .DownUntil(62.Minutes())
            .At(63.Minutes())
            .About(1)
            .Expect(i => i.Subsystem == "database")
            .ExpectThat(night => night.Pages.Count == 1)
            .Run();

    [Fact]
    public Task An_alert_under_two_silences_pages_when_the_last_one_is_over() =>
        Quiet()
            .Says("/silence database for 1h base backup")
            .Says("/silence alertname=ReplicationLag for 2h known")
            .Alert("ReplicationLag", "warning", "postgresql")
            .At(90.Minutes())
            .ExpectThat(night => night.Incidents == 0)
            .At(2.Hours())
            .About(1)
            .Expect(Page("primary"))
            .Run();

    [Fact]
    public Task A_maintenance_window_silences_by_itself_and_ends_by_itself() =>
        Quiet(Runbooks.Quiet.Add("platform.md", Window))
            .At(5.Minutes())
            .ExpectThat(night => night.Silencing.Standing.IsEmpty)
            .At(10.Minutes())
            .Alert("ReplicationLag", "warning", "postgresql")
            .ExpectThat(night => night.Incidents == 0)
            .ExpectThat(night => night.Silencing.Standing[1].Window == "base backup")
            .At(30.Minutes())
            .About(1)
            .Expect(Page("primary"))
            .Run();

    [Fact]
    public Task A_maintenance_window_that_a_person_ended_stays_closed_until_the_next_time() =>
        Quiet(Runbooks.Quiet.Add("platform.md", Window))
            .At(11.Minutes())
            .Says("/unsilence 1")
            .At(12.Minutes())
            .Restart()
            .At(13.Minutes())
            .Alert("ReplicationLag", "warning", "postgresql")
            .About(1)
            .Expect(Page("primary"))
            .Run();

    private static Scenario Quiet(Runbooks? runbooks = null) =>
        Scenario.With(runbooks ?? Runbooks.Quiet).About(NoIncident);
}
