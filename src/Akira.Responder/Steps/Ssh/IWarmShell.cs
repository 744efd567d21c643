namespace Akira.Responder.Steps.Ssh;

/// <summary>A host's shell, whose connection outlives the scripts that it runs.</summary>
internal interface IWarmShell : IShell, IAsyncDisposable
{
    /// <summary>Opens the connection, or makes sure that it is still one. A failure is nobody's yet.</summary>
    Task Warm(CancellationToken cancel);
}
