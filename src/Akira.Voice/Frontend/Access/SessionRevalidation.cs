using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;

namespace Akira.Voice.Frontend.Access;

/// <summary>
/// A circuit outlives the request that opened it: its token is looked up again every few seconds, and who opened it
/// with one that counts no more is nobody.
/// </summary>
internal sealed class SessionRevalidation(ILoggerFactory logger, Sessions sessions)
    : RevalidatingServerAuthenticationStateProvider(logger)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(3);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    )
    {
        if (authenticationState.User.FindFirst(SessionAuthentication.TokenClaim) is not { Value: var token })
            return false;
        try
        {
            return (await sessions.Of(token, cancellationToken)).Refusal is null;
        }
        catch (ObjectDisposedException)
        {
            return true; // the process ends, and the circuit with it
        }
    }
}
