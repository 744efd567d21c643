using System.Globalization;

namespace Akira.Voice.Frontend.Overview;

internal static class SeverityLevel
{
    /// <summary>2 of <c>SEV2</c>; null of what is no severity.</summary>
    public static int? Of(string severity) =>
        severity.StartsWith("SEV", StringComparison.OrdinalIgnoreCase)
        && int.TryParse(severity.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var level)
            ? level
            : null;
}
