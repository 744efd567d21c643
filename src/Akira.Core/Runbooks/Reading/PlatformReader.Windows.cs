using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Akira.Core.Alerts;
using Akira.Core.OnCall;
using Akira.Core.Silences;

namespace Akira.Core.Runbooks.Reading;

/// <summary>
/// The table <c>Window | Silences | When | Lasts | Why</c>: <c>database</c>, <c>every Tuesday at 03:00 Europe/Rome</c>, <c>2 hours</c>.
/// </summary>
internal sealed partial class PlatformReader
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(12);
    private static readonly DateOnly AMonday = new(2026, 1, 5);

    /// <summary>Read once it is known which severities and subsystems there are.</summary>
    public ImmutableArray<MaintenanceWindow> Windows(Policy policy) =>
        [
            .. Rows("Maintenance windows", "Window", "Silences")
                .Select(r => Window(r, policy))
                .OfType<MaintenanceWindow>(),
        ];

    private MaintenanceWindow? Window(Row row, Policy policy)
    {
        var scope = ScopeGrammar.Read(
            row["Silences"],
            word => Triage.SeverityOf(word, policy),
            policy.AllSubsystems,
            out var error
        );
        if (scope is null)
            findings.Error(
                row.At("Silences"),
                "AKR813",
                $"a maintenance window silences what nobody knows: {error.TrimEnd('.')}",
                $"Write a subsystem or labels: {ScopeGrammar.Example}"
            );
        else if (scope.Severities.Contains(policy.Worst))
            findings.Error(
                row.At("Silences"),
                "AKR814",
                $"a maintenance window names {policy.Worst}",
                $"Leave it out: {policy.Worst} is silenced by a person, by name and with a reason, on the night itself"
            );
        var when = WhenOf(row["When"]);
        if (when is null)
            findings.Error(
                row.At("When"),
                "AKR815",
                "a maintenance window does not say when it is",
                "Write 'every day at 02:00 UTC' or 'every Tuesday at 03:00 Europe/Rome'"
            );
        var lasts = TimeSpan.Zero;
        if (!Durations.TryParse(row["Lasts"], out lasts) || lasts <= TimeSpan.Zero || lasts > LongestWindow)
            findings.Error(
                row.At("Lasts"),
                "AKR816",
                "a maintenance window does not say how long it is",
                "Write a duration of 12 hours at the most: '45 minutes'"
            );
        return scope is null || when is null
            ? null
            : new MaintenanceWindow(
                row["Window"],
                scope,
                when,
                lasts,
                row["Why"] is { Length: > 0 } why ? why : $"maintenance window {row["Window"]}"
            );
    }

    private static Recurrence? WhenOf(string words)
    {
        var match = EveryDay().Match(words);
        if (
            !match.Success
            || !TimeOnly.TryParseExact(
                match.Groups["at"].ValueSpan,
                "HH:mm",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var at
            )
            || !TimeZoneInfo.TryFindSystemTimeZoneById(match.Groups["zone"].Value, out var zone)
        )
            return null;
        return Enum.TryParse<DayOfWeek>(match.Groups["day"].ValueSpan, ignoreCase: true, out var day)
            ? new Recurrence(7, at, zone, AMonday.AddDays(((int)day + 6) % 7))
            : new Recurrence(1, at, zone, AMonday);
    }

    [GeneratedRegex(
        @"^every\s+(?<day>day|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\s+at\s+(?<at>\d\d:\d\d)\s+(?<zone>[A-Za-z_/+\-0-9]{1,60})$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex EveryDay();
}
