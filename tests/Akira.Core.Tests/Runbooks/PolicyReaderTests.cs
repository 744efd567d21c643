using System.Text.RegularExpressions;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Runbooks;

public sealed class PolicyReaderTests
{
    private static readonly Severity Sev1 = new(1);
    private static readonly Severity Sev2 = new(2);

    [Fact]
    public void The_shipped_runbooks_load_without_a_finding()
    {
        var reading = PolicyReader.Read(Shipped.Files);
        Assert.Empty(reading.Findings);
        Assert.NotNull(reading.Policy);
    }

    [Fact]
    public void A_policy_without_conditions_loads_with_a_warning_for_each_severity()
    {
        var page = Regex.Replace(Shipped.Files[PolicyReader.PolicyFile], @"- Opens when:.*\n(  .*\n)*", "");
        var reading = PolicyReader.Read(Shipped.Files.SetItem(PolicyReader.PolicyFile, page));
        Assert.Equal(["AKR205", "AKR205", "AKR205"], reading.Findings.Select(f => f.Code));
        Assert.All(reading.Policy!.Severities, s => Assert.Empty(s.OpensWhen));
    }

    [Fact]
    public void A_policy_without_a_platform_rules_all_the_same()
    {
        var reading = PolicyReader.Read(Shipped.Files.Remove(PolicyReader.PlatformFile));
        Assert.All(reading.Findings, f => Assert.False(f.IsError));
        Assert.Equal(["secondary", "Massimo"], reading.Policy!.Escalation[1].Actions[Sev1].Pages);
        Assert.Empty(reading.Policy.Platform.Hosts);
    }

    [Fact]
    public void Severities_are_read_the_worst_first() =>
        Assert.Equal(
            [
                (Sev1, "Outage", 15, true, 15),
                (Sev2, "Degraded", 30, true, 30),
                (new Severity(3), "Minor", 240, false, (int?)null),
            ],
            Shipped.Policy.Severities.Select(s =>
                (s.Severity, s.Name, (int)s.AckTarget.TotalMinutes, s.Pages, (int?)s.UpdateEvery?.TotalMinutes)
            )
        );

    [Fact]
    public void Who_stands_after_plus_is_paged_as_well()
    {
        Assert.Equal(["Massimo"], Shipped.Policy.For(Sev1).AlsoPages);
        Assert.Equal(
            ["Massimo", "Francesco"],
            Shipped.With("plus Massimo", "plus Massimo and Francesco").Policy!.For(Sev1).AlsoPages
        );
    }

    [Theory]
    [InlineData("90 s", 90)]
    [InlineData("45 minutes.", 2700)]
    [InlineData("1 hour 30 minutes", 5400)]
    [InlineData("1 h and 30 min", 5400)]
    [InlineData("1.5 hours", 5400)]
    [InlineData("2d", 172_800)]
    public void An_ack_target_is_written_as_people_write_times(string words, int seconds) =>
        Assert.Equal(
            seconds,
            Shipped.With("Ack target: 15 minutes", $"Ack target: {words}").Policy!.For(Sev1).AckTarget.TotalSeconds
        );

    [Theory]
    [InlineData("soon")]
    [InlineData("15")]
    [InlineData("fifteen minutes")]
    [InlineData("15 parsecs")]
    [InlineData("0 minutes")]
    [InlineData("999999999 days")]
    public void A_duration_that_is_none_is_an_error_at_its_place(string words)
    {
        var reading = Shipped.With("Ack target: 15 minutes", $"Ack target: {words}");
        Assert.Null(reading.Policy);
        Assert.Equal(
            ("AKR203", new Place("incident-response.md", 12, 15)),
            (reading.Findings[0].Code, reading.Findings[0].Place)
        );
    }

    [Fact]
    public void A_fourth_severity_can_be_added_and_the_others_taken_away()
    {
        const string fourth =
            "### SEV4: Cosmetic\n\n- Definition: a typo\n- Ack target: 3 days\n- Communication: a ticket\n\n";
        Assert.Equal(
            TimeSpan.FromDays(3),
            Shipped.With("## Kickoff", fourth + "## Kickoff").Policy!.For(new Severity(4)).AckTarget
        );

        var page = Shipped.Files[PolicyReader.PolicyFile];
        var third = page[
            page.IndexOf("### SEV3 - Minor", StringComparison.Ordinal)..page.IndexOf(
                "## Kickoff",
                StringComparison.Ordinal
            )
        ];
        Assert.Equal([Sev1, Sev2], Shipped.With(third, "").Policy!.Severities.Select(s => s.Severity));
    }

    [Fact]
    public void The_sentence_about_updates_sets_the_cadence_and_a_severitys_own_line_does_too()
    {
        const string sentence = "every 15 minutes for SEV1 and every 30 minutes for SEV2";
        var changed = Shipped.With(sentence, "every 10 min for SEV1 and SEV2, and every 1 day for SEV3").Policy!;
        Assert.Equal([10, 10, 1440], changed.Severities.Select(s => s.UpdateEvery!.Value.TotalMinutes));

        var own = Shipped.With("- Ack target: 4 hours", "- Ack target: 4 hours\n- Update every: 1 day").Policy!;
        Assert.Equal(TimeSpan.FromDays(1), own.Severities[2].UpdateEvery);
    }

    [Fact]
    public void The_kickoff_names_subsystems_and_runbooks()
    {
        var policy = Shipped.Policy;
        Assert.Equal(
            ["signaling", "database", "CDR pipeline", "management app", "certificate", "Vault"],
            policy.Subsystems
        );
        Assert.Equal(6, policy.Kickoff.Length);
        Assert.Equal(
            ["deploy.md#rollback", "dr.md#postgresql-primary-failover", "cert-renewal.md", "vault-unseal.md"],
            policy.RunbookIndex.Select(l => l.Target)
        );
    }

    [Theory]
    [InlineData("Page Massimo", "Massimo", EscalationUnless.Never, "")]
    [InlineData("Page secondary and Massimo if not mitigated", "secondary|Massimo", EscalationUnless.Mitigated, "")]
    [InlineData("page the secondary if not acknowledged", "secondary", EscalationUnless.Acknowledged, "")]
    [InlineData("Page primary, secondary and Massimo", "primary|secondary|Massimo", EscalationUnless.Never, "")]
    [InlineData(
        "Page primary, secondary, and Massimo if not mitigated, open the bridge",
        "primary|secondary|Massimo",
        EscalationUnless.Mitigated,
        "open the bridge"
    )]
    [InlineData(
        "Page Francesco, prepare rollback or DR",
        "Francesco",
        EscalationUnless.Never,
        "prepare rollback or DR"
    )]
    [InlineData(
        "Page Francesco if not mitigated, prepare DR, call the customer",
        "Francesco",
        EscalationUnless.Mitigated,
        "prepare DR|call the customer"
    )]
    [InlineData(
        "Keep the bridge open, note who is on it",
        "",
        EscalationUnless.Never,
        "Keep the bridge open, note who is on it"
    )]
    [InlineData("**Page** `Massimo`", "Massimo", EscalationUnless.Never, "")]
    public void A_cell_of_the_matrix_pages_or_reminds(
        string cell,
        string pages,
        EscalationUnless unless,
        string reminders
    )
    {
        var action = Shipped
            .With("| Page Francesco, make rollback or DR ready |", $"| {cell} |")
            .Policy!.Escalation[2]
            .Actions[Sev1];
        Assert.Equal(pages.Split('|', StringSplitOptions.RemoveEmptyEntries), action.Pages);
        Assert.Equal(unless, action.Unless);
        Assert.Equal(reminders.Split('|', StringSplitOptions.RemoveEmptyEntries), action.Reminders);
    }

    [Theory]
    [InlineData("Page Massimo, Franco")]
    [InlineData("Page Massimo and prepare the rollback")]
    [InlineData("Page nobody-we-know")]
    public void Whoever_is_paged_must_be_on_call(string cell)
    {
        var reading = Shipped.With("| Page Francesco, make rollback or DR ready |", $"| {cell} |");
        Assert.Equal(["AKR404"], reading.Findings.Select(f => f.Code));
        Assert.True(reading.Findings[0].Place.Column > "| T+30 min | Page".Length);
    }

    [Theory]
    [InlineData("| T+30 min | Page Francesco, make", "| T+30 min | Page Tom and Thomas, make", 19, "AKR404")]
    [InlineData("| T+30 min | Page Francesco, make", "| T+30 min | Page Massimo if fixed, make", 27, "AKR405")]
    [InlineData("| T+30 min | Page Francesco, make", "| T+30 min | Page Massimo if mitigated, make", 27, "AKR405")]
    [InlineData("| T+30 min | Page Francesco, make", "| T+15 minutes | Page Francesco, make", 3, "AKR406")]
    [InlineData("| T+30 min | Page Francesco, make", "| T+10 min | Page Francesco, make", 3, "AKR408")]
    [InlineData("| T+30 min | Page Francesco, make", "|  `T+ever` | Page Francesco, make", 4, "AKR402")]
    [InlineData("DR ready | Page secondary |", "DR | Page secondary | Page Massimo |", 69, "AKR407")]
    public void A_mistake_in_the_matrix_is_found_at_its_column(string before, string after, int column, string code)
    {
        var findings = Shipped.With(before, after).Findings;
        Assert.All(findings, f => Assert.Equal(code, f.Code));
        var row = Shipped.Files[PolicyReader.PolicyFile].Split('\n').Index().First(l => l.Item.Contains(before)).Index;
        Assert.Equal((row + 1, column), (findings[0].Place.Line, findings[0].Place.Column));
    }

    [Theory]
    [InlineData("Page Massimo, if not mitigated", EscalationUnless.Mitigated)]
    [InlineData("Page Massimo unless acknowledged, open the bridge", EscalationUnless.Acknowledged)]
    public void A_comma_before_a_condition_changes_nothing(string cell, EscalationUnless unless)
    {
        var action = Shipped
            .With("| Page Francesco, make rollback or DR ready |", $"| {cell} |")
            .Policy!.Escalation[2]
            .Actions[Sev1];
        Assert.Equal((unless, "Massimo"), (action.Unless, Assert.Single(action.Pages)));
    }

    [Fact]
    public void A_severity_that_pages_has_a_column_of_the_matrix()
    {
        var page = string.Join(
            '\n',
            Shipped
                .Files[PolicyReader.PolicyFile]
                .Split('\n')
                .Select(l =>
                    l.StartsWith("| ", StringComparison.Ordinal) ? l[..(l.LastIndexOf('|', l.Length - 2) + 1)] : l
                )
        );
        var finding = Assert.Single(PolicyReader.Read(Shipped.Files.SetItem(PolicyReader.PolicyFile, page)).Findings);
        Assert.Equal(("AKR401", false), (finding.Code, finding.IsError));
        Assert.StartsWith("SEV2 pages", finding.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plus Massimo", "plus Mass and Massimo", PolicyReader.PolicyFile, "AKR404", 44)]
    [InlineData("[cert-renewal.md](cert-renewal.md).", "[x](certs.md).", PolicyReader.PolicyFile, "AKR305", 59)]
    [InlineData("[cert-renewal.md](cert-renewal.md).", "[x](dr.md#no%20such).", PolicyReader.PolicyFile, "AKR306", 59)]
    [InlineData(
        "[cert-renewal.md](cert-renewal.md).",
        "[x](./a/../deploy.md#roll-back).",
        PolicyReader.PolicyFile,
        "AKR306",
        59
    )]
    [InlineData(
        "| signaling |\n| akira-db-01",
        "| [x](#none) |\n| akira-db-01",
        PolicyReader.PlatformFile,
        "AKR306",
        50
    )]
    [InlineData(
        "| frontend | management app | akira-mgmt-01-staging | akira-frontend | caddy, backend",
        "| frontend | management app | akira-mgmt-01-staging | akira-frontend | cad, backend",
        PolicyReader.PlatformFile,
        "AKR803",
        72
    )]
    [InlineData(
        "| vault | Vault | akira-mgmt-01-staging",
        "| vault | Vault | akira-mgmt-10-staging",
        PolicyReader.PlatformFile,
        "AKR802",
        19
    )]
    [InlineData("| vault | Vault |", "| vault | Vaults |", PolicyReader.PlatformFile, "AKR807", 11)]
    [InlineData("nats-server | - |", "nats-server | cdr-worker |", PolicyReader.PlatformFile, "AKR808", 63)]
    [InlineData("The smoke test passes", "Smoke calls are OK", PolicyReader.PolicyFile, "AKR507", 3)]
    [InlineData("`asr < 90% over 5m`", "`asr < 5s`", PolicyReader.PolicyFile, "AKR702", 46)]
    public void A_mistake_anywhere_is_found_at_its_column(
        string before,
        string after,
        string file,
        string code,
        int column
    )
    {
        var finding = Shipped.With(before, after, file).Findings[0];
        var text = Shipped.Files[file];
        var line = text[..text.IndexOf(before, StringComparison.Ordinal)].Count(c => c == '\n') + 1;
        Assert.Equal((code, new Place(file, line, column)), (finding.Code, finding.Place));
    }

    [Theory]
    [InlineData("T+3 h", 180)]
    [InlineData("T + 90 min", 90)]
    [InlineData("t+2h", 120)]
    [InlineData("45 minutes", 45)]
    public void Rows_of_the_matrix_are_in_order_of_time(string elapsed, int minutes)
    {
        var rows = Shipped.With("| T+0 |", $"| {elapsed} |").Policy!.Escalation;
        Assert.Contains(TimeSpan.FromMinutes(minutes), rows.Select(r => r.Elapsed));
        Assert.Equal(rows.Select(r => r.Elapsed).Order(), rows.Select(r => r.Elapsed));
    }

    [Fact]
    public void Rows_can_be_taken_away_and_cells_left_empty()
    {
        var rows = Shipped
            .With("| T+60 min | Keep the bridge open | Reclassify, or plan the follow-up |\n", "| T+2 h | | - |\n")
            .Policy!.Escalation;
        Assert.Empty(rows[3].Actions);
    }

    [Theory]
    [InlineData("The symptom that users saw is gone.", "symptom", GateKind.Symptom)]
    [InlineData("SIPp smoke calls have passed twice.", "smoke", GateKind.Smoke)]
    [InlineData("CDR ingestion is monotonic.", "cdr", GateKind.CdrMonotonic)]
    [InlineData("The metrics are stable for at least 1 hour.", "stable", GateKind.Stable)]
    [InlineData("The log has a timestamp for ack and resolution.", "timestamps", GateKind.Timestamps)]
    [InlineData("The customer has been called back.", "customer-called-back", GateKind.Manual)]
    public void A_bullet_of_the_resolution_binds_to_evidence_or_to_a_person(string bullet, string name, GateKind kind)
    {
        var gate = Shipped.With("- The symptom that users saw is gone.", $"- {bullet}").Policy!.Gates[0];
        Assert.Equal((name, kind), (gate.Name, gate.Kind));
        Assert.Equal(bullet, gate.Text);
    }

    [Fact]
    public void Gates_have_names_of_their_own()
    {
        var gates = Shipped
            .With("- The smoke test passes.", "- The smoke test passes.\n- The smoke test of the standby passes.")
            .Policy!.Gates;
        Assert.Equal(["symptom", "smoke", "smoke-2", "cdr", "stable", "timestamps"], gates.Select(g => g.Name));
        Assert.Equal(["detection", "ack", "mitigation", "resolution"], gates[^1].Timestamps);
        Assert.Equal(TimeSpan.FromMinutes(30), gates[4].For);
    }

    [Fact]
    public void A_caveat_guards_the_severities_it_names()
    {
        Assert.Equal((TimeSpan.FromMinutes(30), false), (Shipped.Policy.Stability, Shipped.Policy.ConfirmerMustDiffer));
        Assert.Equal([Sev1, Sev2], Shipped.Policy.GuardedSeverities);

        var changed = Shipped
            .With(
                "SEV1 and SEV2 are not downgraded until the system has been stable for 30 minutes",
                "Nothing is downgraded until it has been stable for 1 hour"
            )
            .Policy!;
        Assert.Equal(TimeSpan.FromHours(1), changed.Stability);
        Assert.Equal(3, changed.GuardedSeverities.Length);
    }

    [Theory]
    [InlineData("Who confirms a step must not be who asked for it.", true)]
    [InlineData("A step is confirmed by somebody other than the one who requested it.", true)]
    [InlineData("Confirm what you ask for.", false)]
    public void A_caveat_may_ask_for_a_second_pair_of_eyes(string caveat, bool differ) =>
        Assert.Equal(
            differ,
            Shipped
                .With("- Bring the service back first", $"- {caveat}\n- Bring the service back first")
                .Policy!.ConfirmerMustDiffer
        );

    [Fact]
    public void The_template_is_kept_as_it_stands() =>
        Assert.StartsWith(
            "# Postmortem - <incident_id> - <date>\n## Summary\n",
            Shipped.Policy.PostmortemTemplate,
            StringComparison.Ordinal
        );

    [Fact]
    public void Everything_that_looks_runs_by_itself_and_everything_that_recovers_does_not()
    {
        var steps = Shipped.Policy.Runbooks.SelectMany(r => r.Sections).SelectMany(s => s.Steps).ToList();
        Assert.All(steps, s => Assert.Equal(s.IsRecovery, s.Effect != Effect.Read));
        Assert.Equal(Effect.Disruptive, Shipped.Policy.Step("kamailio-restart")!.Effect);
        Assert.Equal(Effect.Destructive, Shipped.Policy.Step("promote-standby")!.Effect);
    }

    [Fact]
    public void Headings_and_labels_are_matched_whatever_their_case_and_level()
    {
        var page = Shipped
            .Files[PolicyReader.PolicyFile]
            .Replace("\n#", "\n##", StringComparison.Ordinal)
            .Replace("Severity levels", "SEVERITY LEVELS", StringComparison.Ordinal)
            .Replace("# Resolution", "# resolution", StringComparison.Ordinal)
            .Replace("# Postmortem template", "# Post-mortem Template", StringComparison.Ordinal)
            .Replace("Ack target:", "**Ack Target:**", StringComparison.Ordinal);
        Assert.Empty(PolicyReader.Read(Shipped.Files.SetItem(PolicyReader.PolicyFile, page)).Findings);
    }
}
