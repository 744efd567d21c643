namespace Akira.Scenarios.Language;

internal sealed partial class Night
{
    /// <summary>Far longer than any step of these runbooks takes; only a responder that hangs gets here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Until the responder has nothing left to do at this time.</summary>
    public Task Settle() => Until(() => _responder?.Busy());

    /// <param name="left">What is left to do; null: nothing.</param>
    private async Task Until(Func<string?> left)
    {
        var asked = TimeProvider.System.GetTimestamp();
        while (left() is { } work)
        {
            if (TimeProvider.System.GetElapsedTime(asked) > Patience)
                throw Broken($"it does not come to rest: {work}");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
