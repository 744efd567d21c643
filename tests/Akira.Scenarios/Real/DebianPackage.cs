using System.Diagnostics;

namespace Akira.Scenarios.Real;

/// <summary>Programs of Debian's that the tests run for real.</summary>
internal static class DebianPackage
{
    private static readonly Lock Installing = new();

    /// <summary>Installs the package unless its program is there. Without root it fails with the command to run.</summary>
    public static void Require(string package, string program)
    {
        lock (Installing)
        {
            if (IsOnPath(program))
                return;
            if (Environment.UserName != "root")
                Assert.Fail($"{program} is missing: sudo apt-get install {package}");
            Run("apt-get", "update", "-qq");
            Run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package);
            Assert.True(IsOnPath(program), $"{package} was installed, but there is no {program} on the PATH");
        }
    }

    private static bool IsOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, program)));

    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}{output.Result}");
    }
}
