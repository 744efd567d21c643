using System.Globalization;
using Akira.Voice.Management;

namespace Akira.Voice.Frontend.Registers;

/// <summary>The registers that there are. What they may hold, the backend says; here is how they are asked for.</summary>
public static class Known
{
    private const string Yes = "yes";

    public static Register<Customer> Customers { get; } =
        new(
            "customers",
            "customer",
            "Customers",
            new Customer("", ""),
            c => c.Name,
            [
                new("Id", c => c.Id),
                new("Name", c => c.Name),
                new("Currency", c => c.Currency),
                new("E-mail", c => c.Email ?? ""),
            ],
            [
                new("id", "Id", c => c.Id, (c, text) => c with { Id = text })
                {
                    IsFixed = true,
                    Hint = "as call records name them: nordwind. It never changes",
                },
                new("name", "Name", c => c.Name, (c, text) => c with { Name = text }),
                new("currency", "Currency", c => c.Currency, (c, text) => c with { Currency = text })
                {
                    Hint = "three letters, ISO 4217",
                },
                new("email", "E-mail", c => c.Email ?? "", (c, text) => c with { Email = Maybe(text) }),
                new("note", "Note", c => c.Note ?? "", (c, text) => c with { Note = Maybe(text) })
                {
                    Shape = Shape.Lines,
                },
            ]
        );

    public static Register<Trunk> Trunks { get; } =
        new(
            "trunks",
            "trunk",
            "Trunks",
            new Trunk("", "", ""),
            t => t.Name,
            [
                new("Id", t => t.Id),
                new("Name", t => t.Name),
                new("Address", t => $"{t.Transport}:{t.Host}:{t.Port.ToString(CultureInfo.InvariantCulture)}"),
                new("Takes calls", t => t.Enabled ? Yes : "no"),
            ],
            [
                new("id", "Id", t => t.Id, (t, text) => t with { Id = text })
                {
                    IsFixed = true,
                    Hint = "as call records name it: carrier-1. It never changes",
                },
                new("name", "Name", t => t.Name, (t, text) => t with { Name = text }),
                new("host", "Host", t => t.Host, (t, text) => t with { Host = text })
                {
                    Hint = "an address or a host's name",
                },
                new(
                    "port",
                    "Port",
                    t => t.Port.ToString(CultureInfo.InvariantCulture),
                    (t, text) => Whole(text) is { } port ? t with { Port = port } : null
                )
                {
                    Wrong = "A port is a whole number: 5060.",
                },
                new("transport", "Transport", t => t.Transport, (t, text) => t with { Transport = text })
                {
                    Shape = Shape.Choice,
                    Options = _ => [("udp", "UDP"), ("tcp", "TCP"), ("tls", "TLS")],
                },
                new("enabled", "Takes calls", t => t.Enabled ? Yes : "", (t, text) => t with { Enabled = text == Yes })
                {
                    Shape = Shape.Check,
                    Hint = "without it no new call takes this trunk; calls in progress go on",
                },
                new("note", "Note", t => t.Note ?? "", (t, text) => t with { Note = Maybe(text) })
                {
                    Shape = Shape.Lines,
                },
            ]
        );

    public static Register<Management.Route> Routes { get; } =
        new(
            "routes",
            "route",
            "Routes",
            new Management.Route("", "", []),
            RouteName,
            [
                new("Prefix", Prefix),
                new("Trunks, in turn", r => string.Join(", ", r.Trunks)),
                new("Then", r => r.Overflow is { } next ? $"route {next}" : "refused"),
                new("No.", r => r.Id),
            ],
            [
                new("prefix", "Prefix", r => r.Prefix, (r, text) => r with { Prefix = text })
                {
                    Hint = "digits without +; empty: every number. The longest prefix counts",
                },
                new(
                    "trunks",
                    "Trunks",
                    r => string.Join(", ", r.Trunks),
                    (r, text) => r with { Trunks = text.Split(',', Words) }
                )
                {
                    Shape = Shape.Sequence,
                    Hint = "in turn, divided by commas; one that does not answer OPTIONS is left out",
                    Options = c => c.Trunks.Select(t => (t.Id, t.Name)),
                },
                new(
                    "overflow",
                    "When none of them answers",
                    r => r.Overflow ?? "",
                    (r, text) => r with { Overflow = Maybe(text) }
                )
                {
                    Shape = Shape.Choice,
                    Options = c =>
                        c.Routes.Select(r => (r.Id, $"route {r.Id}: {RouteName(r)}"))
                            .Prepend(("", "the call is refused")),
                },
                new("note", "Note", r => r.Note ?? "", (r, text) => r with { Note = Maybe(text) })
                {
                    Shape = Shape.Lines,
                },
            ]
        );

    public static Register<Rate> Rates { get; } =
        new(
            "rates",
            "rate",
            "Rates",
            new Rate("", null, "", 0, "EUR", default),
            r => $"{r.Customer ?? "everybody"}, {(r.Prefix.Length == 0 ? "every number" : "+" + r.Prefix)}",
            [
                new("Customer", r => r.Customer ?? "everybody"),
                new("Prefix", r => r.Prefix.Length == 0 ? "every number" : "+" + r.Prefix),
                new("A minute", r => $"{Money(r.PerMinute)} {r.Currency}", IsNumber: true),
                new("From", r => Day(r.From)),
                new("No.", r => r.Id),
            ],
            [
                new("customer", "Customer", r => r.Customer ?? "", (r, text) => r with { Customer = Maybe(text) })
                {
                    Shape = Shape.Choice,
                    Options = c =>
                        c.Customers.Select(x => (x.Id, $"{x.Name} ({x.Id})"))
                            .Prepend(("", "everybody without a rate of their own")),
                },
                new("prefix", "Prefix", r => r.Prefix, (r, text) => r with { Prefix = text })
                {
                    Hint = "digits without +; empty: every number",
                },
                new(
                    "perMinute",
                    "A minute costs",
                    r => Money(r.PerMinute),
                    (r, text) => Decimal(text) is { } price ? r with { PerMinute = price } : null
                )
                {
                    Hint = "as 0.0125",
                    Wrong = "A price is a number with a point: 0.0125.",
                },
                new("currency", "Currency", r => r.Currency, (r, text) => r with { Currency = text })
                {
                    Hint = "three letters, ISO 4217",
                },
                new(
                    "from",
                    "From",
                    r => r.From == default ? "" : Day(r.From),
                    (r, text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? r with { From = day } : null
                )
                {
                    Shape = Shape.Day,
                    Hint = "the day from which it holds, UTC",
                    Wrong = "The day is missing.",
                },
                new("note", "Note", r => r.Note ?? "", (r, text) => r with { Note = Maybe(text) })
                {
                    Shape = Shape.Lines,
                },
            ]
        );

    private const StringSplitOptions Words = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    private static string RouteName(Management.Route route) => Prefix(route);

    private static string Prefix(Management.Route route) =>
        route.Prefix.Length == 0 ? "every number" : "+" + route.Prefix;

    private static string? Maybe(string text) => text.Length == 0 ? null : text;

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null;

    private static decimal? Decimal(string text) =>
        decimal.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var price
        )
            ? price
            : null;

    private static string Money(decimal price) => price.ToString("0.00####", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
