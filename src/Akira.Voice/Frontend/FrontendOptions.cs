namespace Akira.Voice.Frontend;

/// <param name="Listen">Where the pages are.</param>
/// <param name="Backend">Where the backend answers, as this machine reaches it.</param>
public sealed record FrontendOptions(string Listen = "http://127.0.0.1:8090", string Backend = "http://127.0.0.1:8080")
{
    /// <exception cref="ArgumentException">One is no address.</exception>
    public void Check()
    {
        if (!IsHttp(Listen.Replace("//*", "//0.0.0.0", StringComparison.Ordinal)))
            throw new ArgumentException(
                $"--listen {Listen} is not an address. For example: --listen http://127.0.0.1:8090"
            );
        if (!IsHttp(Backend))
            throw new ArgumentException(
                $"--backend {Backend} is not an address. For example: --backend http://127.0.0.1:8080"
            );
    }

    private static bool IsHttp(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
