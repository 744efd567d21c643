using Akira.Responder.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Probes;

/// <summary>A service and what its probe saw last.</summary>
/// <param name="State"><c>up</c>, <c>down</c>, or <c>unknown</c>: it has never answered, or it cannot be told.</param>
/// <param name="Took">Milliseconds of the last answer.</param>
/// <param name="Since">Since when it has been in this state.</param>
internal sealed record ProbedService(
    string Service,
    string Subsystem,
    string Probe,
    string State,
    string? Said,
    double? Took,
    DateTimeOffset? Since
)
{
    public static ProbedService Of(ProbeState state) =>
        new(
            state.Service.Name,
            state.Service.Subsystem,
            state.Service.Probe!,
            state.Up switch
            {
                true => "up",
                false => "down",
                null => "unknown",
            },
            state.Said,
            state.Took?.TotalMilliseconds,
            state.Since
        );
}

internal static class ProbeEndpoints
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/probes", (Prober prober) => prober.States.Select(ProbedService.Of).ToArray())
            .RequireAuthorization(Policies.Viewer)
            .WithTags("Probes")
            .WithSummary("What the probes of platform.md saw last")
            .Produces<ProbedService[]>();
}
