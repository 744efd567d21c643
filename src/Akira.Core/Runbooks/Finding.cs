namespace Akira.Core.Runbooks;

/// <summary>A place in a runbook, both numbers from 1; columns count UTF-16 units.</summary>
public readonly record struct Place(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>What the checker found.</summary>
/// <param name="Code"><c>AKR101</c> and so on; each is explained in <c>docs/checks.md</c>.</param>
/// <param name="What">One sentence, without a full stop.</param>
/// <param name="Fix">How to get out of it, one sentence, without a full stop.</param>
public sealed record Finding(Place Place, bool IsError, string Code, string What, string Fix)
{
    public override string ToString() => $"{Place}: {(IsError ? "error" : "warning")} {Code}: {What}. {Fix}.";
}
