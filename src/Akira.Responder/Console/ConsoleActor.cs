using System.Security.Claims;
using Akira.Core.Incidents;

namespace Akira.Responder.Console;

internal static class ConsoleActor
{
    public static Actor Of(ClaimsPrincipal user)
    {
        var name = user.Identity?.Name ?? "nobody";
        return new Actor(name, $"token:{name}", "console");
    }
}
