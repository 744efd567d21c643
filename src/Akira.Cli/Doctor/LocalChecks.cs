using Akira.Core.OnCall;
using Akira.Core.Runbooks;
using Akira.Responder.Runbooks;

namespace Akira.Cli.Doctor;

/// <summary>What can be said without a responder.</summary>
internal static class LocalChecks
{
    public static Symptom Dotnet() =>
        Environment.Version.Major >= 10
            ? Symptom.Ok("dotnet", $".NET {Environment.Version}")
            : Symptom.Wrong("dotnet", $".NET {Environment.Version} is too old", "Install the .NET 10 SDK");

    public static Symptom Bash() =>
        FindOnPath("bash") is { } bash
            ? Symptom.Ok("bash", $"{bash} runs the steps of the runbooks")
            : Symptom.Wrong(
                "bash",
                "there is no bash on the PATH, so no step can run",
                "Install it: apt-get install bash"
            );

    public static Symptom DataFolder(string folder)
    {
        // A doctor makes no folders: the responder will, inside the nearest one that exists.
        var nearest = Path.GetFullPath(folder);
        while (!Directory.Exists(nearest) && Path.GetDirectoryName(nearest) is { } parent)
            nearest = parent;
        var probe = Path.Combine(nearest, $".akira-doctor-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return Symptom.Ok("data-folder", $"{folder} can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Symptom.Wrong(
                "data-folder",
                $"{folder} cannot be written: {e.Message.TrimEnd('.')}",
                "Make it writable for this user, or choose another with --data"
            );
        }
    }

    /// <summary>What is watched, and who answers; empty when the runbooks cannot be read.</summary>
    public static Platform Platform(string folder)
    {
        try
        {
            return PolicyReader.Read(RunbookFolder.Texts(folder)).Policy?.Platform ?? Core.Runbooks.Platform.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Core.Runbooks.Platform.Empty;
        }
    }

    public static IEnumerable<Symptom> Runbooks(string folder)
    {
        PolicyReading reading;
        try
        {
            reading = PolicyReader.Read(RunbookFolder.Texts(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [Symptom.Wrong("runbooks", e.Message.TrimEnd('.'), "Say where they are with --runbooks")];
        }
        var see = $"akira check {folder} says where";
        if (reading.Policy is not { } policy)
            return
            [
                Symptom.Wrong("runbooks", $"{folder} has {Count(reading, true)}, so no responder starts with it", see),
            ];
        return
        [
            reading.Findings.IsEmpty
                ? Symptom.Ok("runbooks", $"{folder} rules {policy.Severities.Length} severities")
                : Symptom.Note("runbooks", $"{folder} loads with {Count(reading, false)}", see),
            .. OnCall(policy.Platform.OnDuty(TimeProvider.System.GetUtcNow(), [])),
        ];
    }

    private static IEnumerable<Symptom> OnCall(Platform platform)
    {
        var vacant = new[] { "primary", "secondary" }.Where(role => platform.Named(role).IsEmpty).ToList();
        yield return vacant.Count == 0
            ? Symptom.Ok(
                "on-call",
                $"{Names(platform, "primary")} is primary, {Names(platform, "secondary")} secondary"
            )
            : Symptom.Wrong(
                "on-call",
                $"nobody is {string.Join(" or ", vacant)}, so those pages reach no one",
                $"Give somebody that role in the On-call table of {PolicyReader.PlatformFile}"
            );
    }

    private static string Names(Platform platform, string role) =>
        string.Join(" and ", platform.Named(role).Select(p => p.Name));

    private static string Count(PolicyReading reading, bool errors)
    {
        var count = reading.Findings.Count(f => f.IsError == errors);
        return $"{count} {(errors ? "error" : "warning")}{(count == 1 ? "" : "s")}";
    }

    private static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
