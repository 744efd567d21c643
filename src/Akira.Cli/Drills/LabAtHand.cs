using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Akira.Cli.Http;
using Akira.Cli.Server;

namespace Akira.Cli.Drills;

/// <summary>The lab of this machine, by its own command.</summary>
internal sealed class LabAtHand
{
    private readonly string _command;
    private string? _state;

    private LabAtHand(string clone, string command) => (Clone, _command) = (clone, command);

    public string Clone { get; }

    /// <summary>What can be broken, by name.</summary>
    public ImmutableArray<string> Faults =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Clone, "lab", "faults"), "*.sh")
                .Select(f => Path.GetFileNameWithoutExtension(f))
                .Order(StringComparer.Ordinal),
        ];

    /// <returns>Null where there is no source, and so no lab.</returns>
    public static LabAtHand? Find() =>
        Folders.Clone is { } clone && Path.Combine(clone, "lab", "lab") is var command && File.Exists(command)
            ? new LabAtHand(clone, command)
            : null;

    /// <returns>Null when it can be broken; else a sentence with the way out.</returns>
    public async Task<string?> WhyNot(CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess)
            return "Breaking the lab needs root: sudo ./akira drill FILE";
        var status = await Status(cancel);
        _state = status.Text("state");
        if (status.Member("up") is not { ValueKind: JsonValueKind.True })
            return "The lab is down: ./akira lab up";
        var broken = status.Items("broken").Select(b => b.Text("fault")).ToList();
        return broken.Count == 0
            ? null
            : $"{string.Join(" and ", broken)} would disturb the drill, and is broken already: ./akira lab heal";
    }

    /// <summary>The variables of its <c>lab.env</c>, on top of our own.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Variables(CancellationToken cancel)
    {
        var state = _state ??= (await Status(cancel)).Text("state")!;
        var (code, output) = await Run("bash", ["-c", ". \"$1\" && env -0", "env", $"{state}/lab.env"], cancel);
        if (code != 0)
            throw new InvalidOperationException($"{state}/lab.env cannot be read: ./akira lab up writes it anew");
        return output
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('=', 2))
            .Where(v => v.Length == 2)
            .ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
    }

    /// <returns>Whether it did as told; what it had to say stands on standard error.</returns>
    public async Task<bool> Do(CancellationToken cancel, params string[] words) =>
        (await Run(_command, words, cancel)).Code == 0;

    private async Task<JsonElement> Status(CancellationToken cancel)
    {
        var (code, output) = await Run(_command, ["status", "--json"], cancel);
        return code == 0 ? JsonElement.Parse(output) : default;
    }

    private static async Task<(int Code, string Output)> Run(
        string program,
        IEnumerable<string> words,
        CancellationToken cancel
    )
    {
        cancel.ThrowIfCancellationRequested();
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true })!;
        // What was begun on the lab comes to its end: half a fault is worse than a whole one.
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, output);
    }
}
