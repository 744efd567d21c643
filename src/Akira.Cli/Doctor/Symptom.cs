namespace Akira.Cli.Doctor;

/// <summary>What one check found.</summary>
/// <param name="Check">Stable, for machines: <c>data-folder</c>.</param>
/// <param name="Fix">The way out; null when all is well, or nothing can be said.</param>
internal sealed record Symptom(string Check, Health Health, string What, string? Fix = null)
{
    public static Symptom Ok(string check, string what) => new(check, Health.Ok, what);

    public static Symptom Wrong(string check, string what, string fix) => new(check, Health.Wrong, what, fix);

    /// <summary>It works, and something is to be known.</summary>
    public static Symptom Note(string check, string what, string fix) => new(check, Health.Note, what, fix);
}

internal enum Health
{
    Ok,
    Note,
    Wrong,
}
