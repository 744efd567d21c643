using System.Net.Http.Json;
using System.Text.Json;
using Akira.Core.Runbooks;

namespace Akira.Responder.Probes;

/// <summary>
/// Vault's health page, which answers with its seal state whatever the status code is. Sample <c>vault.sealed</c>: 0 or 1.
/// </summary>
public sealed class VaultProbe(ProbeTarget target) : IProbe, IDisposable
{
    private readonly Page _page = new(
        $"{(target.IsEncrypted ? "https" : "http")}://{target.Endpoint}/v1/sys/health?standbyok=true"
    );

    public async Task<Reading> Look(CancellationToken cancel)
    {
        var (got, error) = await _page.Get(cancel);
        using var answer = got;
        if (answer is null)
            return Reading.Of(false, Words.Of(error));
        bool isSealed;
        try
        {
            var health = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
            isSealed = health.GetProperty("sealed").GetBoolean();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return Reading.Of(false, $"{(int)answer.StatusCode}, and not what Vault's health page says");
        }
        return Reading.Of(true, isSealed ? "sealed" : "unsealed", new Figure("vault.sealed", isSealed ? 1 : 0));
    }

    public void Dispose() => _page.Dispose();
}
