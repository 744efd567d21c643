using Akira.Http;
using Akira.Voice.Backend.Access;
using Akira.Voice.Backend.Registers;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Route = Akira.Voice.Management.Route;

namespace Akira.Voice.Backend.Kamailio;

internal static class KamailioEndpoints
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/kamailio", Show)
            .RequireAuthorization(Policies.Viewer)
            .WithTags("Kamailio")
            .WithSummary(
                "Trunks and routes as Kamailio reads them; with If-None-Match 304 as long as they are the same"
            )
            .Produces<KamailioLists>();

    private static async Task<IResult> Show(HttpContext context, Register<Trunk> trunks, Register<Route> routes)
    {
        var cancel = context.RequestAborted;
        var lists = ListText.Of(await trunks.List(false, cancel), await routes.List(false, cancel));
        var tag = $"\"{Secret.HashOf(lists.Dispatcher + lists.Prefixes)[..16]}\"";
        context.Response.Headers.ETag = tag;
        return context.Request.Headers.IfNoneMatch == tag
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(lists);
    }
}
