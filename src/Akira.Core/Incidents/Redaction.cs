using Akira.Core.Alerts;
using Akira.Core.Silences;

namespace Akira.Core.Incidents;

/// <summary>
/// Takes the secrets out of an entry before it is recorded: out of all that people, alerts and hosts say. What the
/// entry hangs on stays as it is: names, fingerprints, a step's script as its runbook has it.
/// </summary>
public static class Redaction
{
    public static Entry Redacted(this Entry entry, Secrets secrets) =>
        secrets.IsEmpty
            ? entry
            : entry switch
            {
                Entry.Opened e => e with { Title = secrets.Redact(e.Title), Reason = secrets.Redact(e.Reason) },
                Entry.AlertsFired e => e with { Alerts = [.. e.Alerts.Select(a => a.Redacted(secrets))] },
                Entry.Paged e => e with { Text = secrets.Redact(e.Text) },
                Entry.PageFailed e => e with { Error = secrets.Redact(e.Error) },
                Entry.Reminded e => e with { Text = secrets.Redact(e.Text) },
                Entry.Noted e => e with { Text = secrets.Redact(e.Text) },
                Entry.Updated e => e with { Text = secrets.Redact(e.Text) },
                Entry.Classified e => e with { Subsystem = secrets.Redact(e.Subsystem) },
                Entry.SeverityChanged e => e with { Reason = secrets.Redact(e.Reason) },
                Entry.StepOutput e => e with { Text = secrets.Redact(e.Text) },
                Entry.StepFinished e => e with { Parts = [.. e.Parts.Select(p => p.Redacted(secrets))] },
                Entry.Mitigated e => e with { Text = secrets.Redact(e.Text) },
                Entry.MitigationFailed e => e with { Reason = secrets.Redact(e.Reason) },
                Entry.GateTicked e => e with { Reason = secrets.Redact(e.Reason) },
                Entry.GateObserved e => e with { Evidence = secrets.Redact(e.Evidence) },
                Entry.Resolved { Override: { } why } e => e with { Override = secrets.Redact(why) },
                Entry.Reopened e => e with { Reason = secrets.Redact(e.Reason) },
                Entry.PostmortemEdited e => e with { Text = secrets.Redact(e.Text) },
                Entry.ActionAdded e => e with { What = secrets.Redact(e.What) },
                Entry.StartCorrected e => e with { Reason = secrets.Redact(e.Reason) },
                Entry.MarkedAsDrill e => e with { Reason = secrets.Redact(e.Reason) },
                Entry.CommandRefused e => e with { Text = secrets.Redact(e.Text) },
                _ => entry,
            };

    public static SilenceEntry Redacted(this SilenceEntry entry, Secrets secrets) =>
        secrets.IsEmpty
            ? entry
            : entry switch
            {
                SilenceEntry.Set e => e with { Reason = secrets.Redact(e.Reason) },
                SilenceEntry.Kept e => e with { Alerts = [.. e.Alerts.Select(a => a.Redacted(secrets))] },
                _ => entry,
            };

    private static Evidence Redacted(this Evidence evidence, Secrets secrets) =>
        evidence with
        {
            Output = secrets.Redact(evidence.Output),
            Remark = evidence.Remark is { } remark ? secrets.Redact(remark) : null,
        };

    private static TriagedAlert Redacted(this TriagedAlert triaged, Secrets secrets)
    {
        var notes = triaged.Alert.Annotations.WithValues(secrets.Redact);
        return ReferenceEquals(notes, triaged.Alert.Annotations)
            ? triaged
            : triaged with
            {
                Alert = triaged.Alert with { Annotations = notes },
            };
    }
}
