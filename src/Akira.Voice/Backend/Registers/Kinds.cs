using Akira.Http;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Http;

namespace Akira.Voice.Backend.Registers;

/// <summary>The four registers, and what may stand in them.</summary>
internal static class Kinds
{
    private const decimal DearestMinute = 9999.999999m;
    private const int MostTrunks = 32;

    public static Kind<Customer> Customers { get; } =
        new(
            "customer",
            RowJson.Default.Customer,
            ManagementJson.Default.Customer,
            c => c.Name,
            null,
            c => $"There is a customer {c.Id} already",
            c =>
                Field.Id("id", c.Id)
                ?? Field.Text("name", c.Name, Field.LongestName, isNeeded: true)
                ?? Field.Currency("currency", c.Currency)
                ?? Field.Email("email", c.Email)
                ?? Field.Text("note", c.Note, Field.LongestNote),
            Fine,
            Fine
        );

    /// <param name="own">The SIP server's own addresses.</param>
    public static Kind<Trunk> Trunks(IReadOnlyCollection<string> own) =>
        new(
            "trunk",
            RowJson.Default.Trunk,
            ManagementJson.Default.Trunk,
            t => $"{t.Name} {t.Host}",
            null,
            t => $"There is a trunk {t.Id} already",
            t =>
                Field.Id("id", t.Id)
                ?? Field.Text("name", t.Name, Field.LongestName, isNeeded: true)
                ?? Field.Host("host", t.Host)
                ?? (t.Port is < 1 or > 65535 ? Problem.BadField("port", "must be 1 to 65535") : null)
                ?? (
                    t.Transport is "udp" or "tcp" or "tls"
                        ? null
                        : Problem.BadField("transport", "must be udp, tcp or tls")
                )
                ?? Field.Text("note", t.Note, Field.LongestNote)
                ?? (
                    own.Contains(t.Host, StringComparer.OrdinalIgnoreCase)
                        ? Problem.Of(
                            StatusCodes.Status409Conflict,
                            "route-loop",
                            $"{t.Host} is our own SIP server: a call over this trunk would come back to us."
                        ) with
                        {
                            Field = "host",
                        }
                        : null
                ),
            Fine,
            async (t, rest, cancel) =>
                InUse(
                    $"Trunk {t.Id}",
                    [.. (await rest.Routes(cancel)).Where(r => r.Trunks.Contains(t.Id)).Select(Named)]
                )
        );

    public static Kind<Route> Routes { get; } =
        new(
            "route",
            RowJson.Default.Route,
            ManagementJson.Default.Route,
            r => $"{r.Prefix} {string.Join(' ', r.Trunks)}",
            "route_id",
            r => $"There is a route for {Numbers(r.Prefix)} already",
            r =>
                Field.Prefix("prefix", r.Prefix)
                ?? (
                    r.Trunks is { Length: > 0 and <= MostTrunks }
                        ? null
                        : Problem.BadField("trunks", $"must name 1 to {MostTrunks} trunks")
                )
                ?? r.Trunks.Select((t, i) => Field.Id($"trunks[{i}]", t)).FirstOrDefault(p => p is not null)
                ?? (
                    r.Trunks.Distinct().Count() < r.Trunks.Length
                        ? Problem.BadField("trunks", "names a trunk twice")
                        : null
                )
                ?? (r.Overflow is null ? null : Field.Id("overflow", r.Overflow))
                ?? Field.Text("note", r.Note, Field.LongestNote),
            CheckRoute,
            async (r, rest, cancel) =>
                InUse(
                    $"Route {r.Id}",
                    [.. (await rest.Routes(cancel)).Where(other => other.Overflow == r.Id).Select(Named)]
                )
        );

    public static Kind<Rate> Rates { get; } =
        new(
            "rate",
            RowJson.Default.Rate,
            ManagementJson.Default.Rate,
            r => $"{r.Customer} {r.Prefix}",
            "rate_id",
            r =>
                $"There is a rate for {r.Customer ?? "everybody"}, {Numbers(r.Prefix)}, from {r.From:yyyy-MM-dd} already",
            r =>
                (r.Customer is null ? null : Field.Id("customer", r.Customer))
                ?? Field.Prefix("prefix", r.Prefix)
                ?? (
                    r.PerMinute is < 0 or > DearestMinute || decimal.Round(r.PerMinute, 6) != r.PerMinute
                        ? Problem.BadField("perMinute", "must be 0 to 9999.999999, with at most six decimals")
                        : null
                )
                ?? Field.Currency("currency", r.Currency)
                ?? (r.From.Year is < 2000 or > 2100 ? Problem.BadField("from", "must be a day after 2000") : null)
                ?? Field.Text("note", r.Note, Field.LongestNote),
            async (r, rest, cancel) =>
                r.Customer is { } who && !await rest.Has("customer", who, cancel)
                    ? Unknown("customer", $"There is no customer {who}, or they are archived")
                    : null,
            Fine
        );

    private static async Task<Problem?> CheckRoute(Route route, Rest rest, CancellationToken cancel)
    {
        for (var i = 0; i < route.Trunks.Length; i++)
            if (!await rest.Has("trunk", route.Trunks[i], cancel))
                return Unknown($"trunks[{i}]", $"There is no trunk {route.Trunks[i]}, or it is archived");
        if (route.Overflow is null)
            return null;
        var routes = await rest.Routes(cancel);
        if (RouteLoop.Through(route, routes) is { Count: > 0 } way)
            return Problem.Of(
                StatusCodes.Status409Conflict,
                "route-loop",
                $"Calls would go round for ever: {string.Join(" → ", way)}. Let one of them end without an overflow."
            ) with
            {
                Field = "overflow",
                Details = [.. way],
            };
        return routes.Any(r => r.Id == route.Overflow)
            ? null
            : Unknown("overflow", $"There is no route {route.Overflow}, or it is archived");
    }

    private static Task<Problem?> Fine<T>(T entry, Rest rest, CancellationToken cancel) =>
        Task.FromResult<Problem?>(null);

    private static Problem? InUse(string what, string[] by) =>
        by.Length == 0
            ? null
            : Problem.Of(StatusCodes.Status409Conflict, "in-use", $"{what} is in use: {string.Join(", ", by)}") with
            {
                Details = [.. by],
            };

    private static Problem Unknown(string field, string sentence) =>
        Problem.Of(StatusCodes.Status409Conflict, "unknown-reference", sentence) with
        {
            Field = field,
        };

    private static string Named(Route route) => $"route {route.Id} ({Numbers(route.Prefix)})";

    private static string Numbers(string prefix) => prefix.Length == 0 ? "every number" : $"+{prefix}";
}
