namespace Akira.Voice.Frontend;

/// <summary>What came of asking the backend: a value, or a refusal, or nothing because it is away.</summary>
/// <param name="Away">A sentence that says how it is away.</param>
public sealed record Reply<T>(T? Value, Refusal? Refusal = null, string? Away = null)
{
    public bool IsOk => Refusal is null && Away is null;
}

/// <summary>The backend's problem details; <c>docs/management.md</c> lists the codes.</summary>
/// <param name="Detail">A sentence for people.</param>
/// <param name="Field">The one at fault; null: it is not about one.</param>
/// <param name="By">Who changed it meanwhile.</param>
public sealed record Refusal(
    int Status,
    string? Code = null,
    string? Detail = null,
    string? Field = null,
    string[]? Details = null,
    string? By = null,
    DateTimeOffset? At = null
)
{
    public string Sentence =>
        Status == 401
            ? "Your session has ended: log in again."
            : Detail ?? Title ?? $"The backend refused it ({Status}).";

    public string? Title { get; init; }
}
