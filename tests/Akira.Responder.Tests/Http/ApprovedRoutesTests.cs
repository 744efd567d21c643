using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Responder.Tests.Http;

public class ApprovedRoutesTests
{
    /// <summary>The surface of the responder. A route without a policy is open to everybody: that should be meant.</summary>
    [Fact]
    public async Task Every_route_and_who_may_use_it_stands_in_the_approved_file()
    {
        await using var responder = await RunningResponder.Start();
        var routes = responder
            .App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e =>
                (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method =>
                    (
                        Path: e.RoutePattern.RawText!,
                        Method: method,
                        Who: string.Join(
                            ", ",
                            e.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy ?? "anybody logged in")
                        )
                    )
                )
            )
            .Where(r => !IsOfTheFramework(r.Path))
            .Distinct()
            .OrderBy(r => r.Path, StringComparer.Ordinal)
            .ThenBy(r => r.Method, StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var (path, method, who) in routes)
            text.Append($"{method, -6} {path, -44} {(who.Length == 0 ? "everybody" : who)}\n");
        Approval.Check("routes.txt", text.ToString());
    }

    private static bool IsOfTheFramework(string path) =>
        path.Contains("_framework", StringComparison.Ordinal)
        || path.Contains("_blazor", StringComparison.Ordinal)
        || path.Contains("_content", StringComparison.Ordinal)
        || Path.HasExtension(path) && !path.StartsWith("/openapi", StringComparison.Ordinal);
}
