using Akira.Responder.Access;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Console;

/// <summary>
/// A circuit outlives the request that opened it: its token is looked up again every few seconds, and who opened it
/// with one that was revoked since is nobody.
/// </summary>
internal sealed class TokenRevalidation(ILoggerFactory logger, Tokens tokens)
    : RevalidatingServerAuthenticationStateProvider(logger)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(3);

    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            authenticationState.User.FindFirst(TokenAuthentication.HashClaim) is { Value: var hash }
                && tokens.IsHeld(hash)
        );
}
