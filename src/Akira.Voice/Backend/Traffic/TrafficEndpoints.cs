using Akira.Core.Voice;
using Akira.Http;
using Akira.Voice.Backend.Access;
using Akira.Voice.Backend.Registers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Voice.Backend.Traffic;

internal static class TrafficEndpoints
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/traffic", Show)
            .RequireAuthorization(Policies.Viewer)
            .WithTags("Traffic")
            .WithSummary("The figures of the last minutes: of all calls, of a customer, or of a trunk")
            .Produces<Management.Traffic>();

    private static async Task<IResult> Show(
        HttpContext context,
        TrafficBook book,
        string? customer,
        string? trunk,
        int minutes = 60
    )
    {
        if (minutes is < 1 or > TrafficBook.MostMinutes)
            return Problem.BadField("minutes", $"must be 1 to {TrafficBook.MostMinutes}");
        if (customer is { Length: > 0 } && trunk is { Length: > 0 })
            return Problem.BadField("trunk", "cannot be asked for together with a customer");
        if (customer is { Length: > 0 } && Field.Id("customer", customer) is { } noCustomer)
            return noCustomer;
        if (trunk is { Length: > 0 } && Field.Id("trunk", trunk) is { } noTrunk)
            return noTrunk;
        var scope =
            customer is { Length: > 0 } ? Scope.Customer(customer)
            : trunk is { Length: > 0 } ? Scope.Trunk(trunk)
            : Scope.Platform;
        return TypedResults.Ok(await book.Of(scope, minutes, context.RequestAborted));
    }
}
