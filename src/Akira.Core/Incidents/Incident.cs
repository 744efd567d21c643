using System.Globalization;

namespace Akira.Core.Incidents;

/// <summary>An incident, folded from its log.</summary>
public sealed partial record Incident
{
    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"INC-{number}");
}
