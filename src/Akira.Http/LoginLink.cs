namespace Akira.Http;

/// <summary>How the very first person gets in: a link that works once.</summary>
public sealed class LoginLink
{
    private string? _hash;

    /// <returns>The code to put into the link.</returns>
    public string Make()
    {
        var code = Secret.NewCode();
        _hash = Secret.HashOf(code);
        return code;
    }

    /// <summary>True once, for the right code.</summary>
    public bool TryUse(string code)
    {
        var hash = _hash;
        return hash is not null
            && hash == Secret.HashOf(code)
            && Interlocked.CompareExchange(ref _hash, null, hash) == hash;
    }
}
