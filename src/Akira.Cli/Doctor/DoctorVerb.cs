using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;
using Akira.Cli.Server;
using Akira.Core.Runbooks;
using Akira.Responder;
using Akira.Responder.Log;

namespace Akira.Cli.Doctor;

internal sealed class DoctorVerb : Verb
{
    public DoctorVerb()
        : base(
            "doctor",
            "Say what is wrong here, and how to put it right",
            "akira doctor",
            "akira doctor --data /var/lib/akira --runbooks /etc/akira/runbooks"
        )
    {
        var data = TextOption("--data", "DIR", "The responder's data folder");
        var runbooks = TextOption("--runbooks", "DIR", "The runbooks it obeys");
        var json = JsonOption();
        Add(data);
        Add(runbooks);
        Add(json);
        SetAction(
            async (parsed, cancel) =>
            {
                var folder = parsed.GetValue(data) ?? Folders.Data;
                // A demo obeys its own runbooks, the hosts of others are nothing to it, and its pages are for the screen.
                var isDemo = Address.Find() is ({ Source: Address.OfDemo }, _);
                var rules =
                    parsed.GetValue(runbooks) ?? (isDemo ? Path.Combine(Folders.Demo, "runbooks") : Folders.Runbooks);
                List<Symptom> symptoms =
                [
                    LocalChecks.Dotnet(),
                    LocalChecks.Bash(),
                    LocalChecks.DataFolder(folder),
                    .. LocalChecks.Runbooks(rules),
                    .. await WithSettings(folder, LocalChecks.Platform(rules), isDemo, cancel),
                    .. await ResponderChecks.Run(TimeProvider.System, cancel),
                ];
                Print(symptoms, parsed.GetValue(json));
                return symptoms.Exists(s => s.Health == Health.Wrong) ? Exit.Negative : Exit.Ok;
            }
        );
    }

    /// <summary>What depends on how the responder on this machine is set up.</summary>
    private static async Task<IReadOnlyList<Symptom>> WithSettings(
        string folder,
        Platform platform,
        bool isDemo,
        CancellationToken cancel
    )
    {
        ResponderOptions options;
        try
        {
            options = ResponderOptions.Load(folder);
        }
        catch (CannotStart e)
        {
            return [Symptom.Wrong("settings", e.Message.TrimEnd('.'), "Correct the setting")];
        }
        return
        [
            .. await HostChecks.Run(options.Ssh, platform),
            .. isDemo ? [] : ChannelChecks.AnyAtAll(options),
            .. await ChannelChecks.Run(options, platform, TimeProvider.System, cancel),
        ];
    }

    private static void Print(List<Symptom> symptoms, bool asJson)
    {
        if (asJson)
        {
            Screen.Json(JsonSerializer.SerializeToElement(new JsonArray([.. symptoms.Select(Json)])));
            return;
        }
        Screen.Rows(
            symptoms.Select(
                // Many a way out ends with a command or a file, and is copied: no full stop goes with it.
                IReadOnlyList<string> (s) =>
                    [Word(s.Health), s.Check, s.Fix is { } fix ? $"{s.What}. {fix}" : $"{s.What}."]
            )
        );
    }

    private static string Word(Health health) =>
        health switch
        {
            Health.Ok => "ok",
            Health.Note => "note",
            _ => "WRONG",
        };

    private static JsonObject Json(Symptom symptom) =>
        new()
        {
            ["check"] = symptom.Check,
            ["health"] = Word(symptom.Health).ToLowerInvariant(),
            ["what"] = symptom.What,
            ["fix"] = symptom.Fix,
        };
}
