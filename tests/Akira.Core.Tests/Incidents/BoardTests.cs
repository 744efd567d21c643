using Akira.Core.Alerts;
using Akira.Core.Incidents;

namespace Akira.Core.Tests.Incidents;

public class BoardTests
{
    private Board board = Board.Empty;
    private int incidents;

    [Fact]
    public void Alerts_of_one_subsystem_make_one_incident()
    {
        Assert.Equal(1, Receive("A1", "kamailio"));
        Assert.Equal(1, Receive("A2", "kamailio"));
        Assert.Equal(2, Receive("A3", "postgresql"));
    }

    [Fact]
    public void An_alert_of_a_service_whose_dependency_is_in_an_incident_joins_it_as_an_effect()
    {
        Receive("A1", "postgresql");
        // backend depends on cdr-worker, which depends on postgresql.
        Assert.Equal((1, true), board.Route(Triaged("A2", "backend"), Policies.Small.Platform));
    }

    [Fact]
    public void A_figure_of_a_subsystem_joins_the_incident_of_what_its_services_need()
    {
        Receive("A1", "postgresql");
        var backlog = Triaged("A2", "cdr-worker") with { Service = null };
        Assert.Equal((1, true), board.Route(backlog, Policies.Small.Platform));
    }

    [Fact]
    public void A_dependency_whose_alert_has_ended_explains_nothing()
    {
        Receive("A1", "postgresql");
        Append(1, new Entry.AlertsEnded([Triaged("A1", "postgresql").Alert.Fingerprint], "ended"));
        Assert.Null(board.Route(Triaged("A2", "backend"), Policies.Small.Platform));
    }

    [Fact]
    public void A_resolved_incident_leaves_the_board()
    {
        Receive("A1", "kamailio");
        Append(1, new Entry.Resolved("drill", []));
        Assert.Empty(board.Incidents);
        Assert.Equal(2, Receive("A1", "kamailio"));
    }

    [Fact]
    public void A_reclassified_incident_takes_the_alerts_of_its_new_subsystem()
    {
        Receive("A1", "kamailio");
        Append(1, new Entry.Classified("database"));
        Assert.Equal(1, Receive("A2", "postgresql"));
        Assert.Equal(2, Receive("A3", "kamailio"));
    }

    [Fact]
    public void Of_two_incidents_of_one_subsystem_the_other_takes_over_when_one_is_resolved()
    {
        Receive("A1", "kamailio");
        Receive("A2", "postgresql");
        Append(2, new Entry.Classified("signaling"));
        Append(1, new Entry.Resolved("drill", []));
        Assert.Equal(2, Receive("A3", "kamailio"));
    }

    [Fact]
    public void Dropping_a_copy_takes_back_everything_on_it()
    {
        Receive("A1", "kamailio");
        var kept = board;
        Receive("A2", "postgresql");
        Assert.Null(kept.Route(Triaged("A2", "postgresql"), Policies.Small.Platform));
        Assert.Single(kept.Incidents);
    }

    /// <summary>Routes an alert and records it; the number of the incident it came to.</summary>
    private int Receive(string name, string service)
    {
        var alert = Triaged(name, service);
        if (board.Route(alert, Policies.Small.Platform) is not { } route)
        {
            route = (++incidents, false);
            Append(route.Incident, new Entry.Opened(alert.Severity, name, alert.Subsystem, "", "small"));
        }
        Append(route.Incident, new Entry.AlertsFired([alert], route.Effect));
        return route.Incident;
    }

    private void Append(int number, Entry entry)
    {
        var before = board.Incidents.GetValueOrDefault(number);
        var logged = new LogEntry(0, number, (before?.Version ?? 0) + 1, Story.Start, Actor.Akira, entry);
        board = board.With(Incident.Evolve(before, logged));
    }

    private static TriagedAlert Triaged(string name, string service)
    {
        var labels = new Dictionary<string, string> { ["alertname"] = name, ["service"] = service };
        var set = LabelSet.Of(labels);
        return Triage.Of(new Alert(Fingerprint.Of(set), set, LabelSet.Empty, Story.Start, null, null), Policies.Small);
    }
}
