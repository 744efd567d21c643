using System.Diagnostics;
using Akira.Cli.CommandLine;

namespace Akira.Cli.Testing;

/// <summary>The real programs that tests run against.</summary>
internal static class DebianPackages
{
    private static readonly (string Package, string Program)[] Needed =
    [
        ("prometheus", "prometheus"),
        ("prometheus-alertmanager", "prometheus-alertmanager"),
        ("chromium", "chromium"),
        ("python3-aiosmtpd", "aiosmtpd"),
        ("npm", "npm"),
        ("openssh-server", "sshd"),
        ("openssh-client", "ssh"),
        ("nats-server", "nats-server"),
        ("sip-tester", "sipp"),
        ("openssl", "openssl"),
        ("postgresql-15", "/usr/lib/postgresql/15/bin/initdb"), // Debian keeps the server off every PATH
    ];

    /// <returns>Null when all are there; else what is missing and how to get it.</returns>
    public static async Task<string?> Ensure(CancellationToken cancel)
    {
        var missing = Needed.Where(n => !IsOnPath(n.Program)).Select(n => n.Package).ToList();
        if (missing.Count == 0)
            return null;
        var how = $"apt-get install {string.Join(' ', missing)}";
        if (!IsOnPath("apt-get"))
            return $"The tests need {string.Join(", ", missing)}. On Debian: {how}";
        if (!Environment.IsPrivilegedProcess)
            return $"The tests need {string.Join(", ", missing)}: sudo {how}";
        Screen.Complain($"Installing {string.Join(", ", missing)} for the tests ...");
        var installed =
            await Run(["update", "-qq"], cancel)
            && await Run(["install", "-y", "-qq", "--no-install-recommends", .. missing], cancel);
        return installed ? null : $"Could not install {string.Join(", ", missing)}; apt-get says why above.";
    }

    private static async Task<bool> Run(IEnumerable<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("apt-get", arguments) { RedirectStandardOutput = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var apt = Process.Start(start)!;
        var talk = apt.StandardOutput.ReadToEndAsync(cancel);
        await apt.WaitForExitAsync(cancel);
        if (apt.ExitCode != 0)
            await Console.Error.WriteAsync(await talk);
        return apt.ExitCode == 0;
    }

    private static bool IsOnPath(string program) =>
        // Daemons stand where only root's PATH looks.
        $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}/usr/sbin"
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
