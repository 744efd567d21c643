using System.Collections.Immutable;

namespace Akira.Core.Runbooks.Reading;

/// <summary>Collects what the readers find.</summary>
internal sealed class FindingList
{
    /// <summary>A file of nothing but mistakes is not read to its end.</summary>
    private const int Most = 1000;

    private readonly List<Finding> findings = [];

    public bool HasErrors => findings.Exists(f => f.IsError);

    public ImmutableArray<Finding> Sorted =>
        [
            .. findings
                .Distinct()
                .OrderBy(f => f.Place.File, StringComparer.Ordinal)
                .ThenBy(f => f.Place.Line)
                .ThenBy(f => f.Place.Column)
                .ThenBy(f => f.Code, StringComparer.Ordinal),
        ];

    public void Error(Place place, string code, string what, string fix) => Add(new(place, true, code, what, fix));

    public void Warn(Place place, string code, string what, string fix) => Add(new(place, false, code, what, fix));

    /// <summary>Words of a file, short enough to stand in a finding.</summary>
    public static string Quote(string words)
    {
        var line = words.ReplaceLineEndings(" ").Trim();
        return line.Length <= 60 ? $"'{line}'" : $"'{line[..57]}...'";
    }

    private void Add(Finding finding)
    {
        if (findings.Count < Most || finding.IsError && !HasErrors)
            findings.Add(finding);
    }
}
