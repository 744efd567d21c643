using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Incidents;

internal sealed class TimesVerb : Verb
{
    public TimesVerb()
        : base(
            "times",
            "MTTD, MTTA, MTTM and MTTR by severity and subsystem; drills apart",
            "akira incidents times",
            "akira incidents times --days 365 --json"
        )
    {
        var days = new Option<int>("--days")
        {
            Description = "Of incidents detected in so many days",
            HelpName = "N",
            DefaultValueFactory = _ => 90,
        };
        days.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > 3650)
                given.AddError("--days must be from 1 to 3650.");
        });
        var json = JsonOption();
        Add(days);
        Add(json);
        SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client =>
                        client.Get(
                            $"/api/analytics?days={parsed.GetValue(days).ToString(CultureInfo.InvariantCulture)}",
                            cancel
                        ),
                    JsonValueKind.Object,
                    answer => Print(answer, parsed.GetValue(json)),
                    cancel
                )
        );
    }

    private static void Print(JsonElement answer, bool asJson)
    {
        if (asJson)
        {
            Screen.Json(answer);
            return;
        }
        foreach (var (heading, sort) in (ReadOnlySpan<(string, string)>)[("INCIDENTS", "real"), ("DRILLS", "drills")])
        {
            var groups = answer.GetProperty(sort);
            Screen.Rows([
                [heading, "N", "MTTD", "MTTA", "MTTM", "MTTR", "LATE ACKS", "LATE UPDATES", "OVERRIDDEN"],
                Row(groups.GetProperty("all")),
                .. groups.GetProperty("bySeverity").EnumerateArray().Select(Row),
                .. groups.GetProperty("bySubsystem").EnumerateArray().Select(Row),
            ]);
            Screen.Say("");
        }
    }

    private static IReadOnlyList<string> Row(JsonElement group) =>
        [
            group.Text("name") ?? "",
            Number(group, "incidents"),
            Mean(group, "mttd"),
            Mean(group, "mtta"),
            Mean(group, "mttm"),
            Mean(group, "mttr"),
            Number(group, "acksMissed"),
            Number(group, "updatesMissed"),
            Number(group, "overridden"),
        ];

    private static string Number(JsonElement group, string name) =>
        group.GetProperty(name).GetInt32().ToString(CultureInfo.InvariantCulture);

    private static string Mean(JsonElement group, string name) =>
        group.GetProperty(name).GetProperty("meanSeconds") is { ValueKind: JsonValueKind.Number } mean
            ? Core.Incidents.Elapsed.Words(TimeSpan.FromSeconds(mean.GetDouble()))
            : "-";
}
