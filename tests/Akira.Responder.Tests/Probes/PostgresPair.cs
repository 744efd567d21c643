using System.Diagnostics;
using System.Globalization;
using Akira.Scenarios.Real;
using Akira.Voice.Tests.Real;

namespace Akira.Responder.Tests.Probes;

/// <summary>A PostgreSQL primary and its streaming standby, on free ports of loopback.</summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-pg-").FullName;

    public int Primary { get; } = FreePort.Next();
    public int Standby { get; } = FreePort.Next();

    public static async Task<PostgresPair> Start()
    {
        DebianPackage.Require("postgresql-15", Program("initdb"));
        var pair = new PostgresPair();
        if (Environment.UserName == "root")
            await Run("chown", "postgres", pair._folder);
        await As("initdb", "-D", pair.Data("primary"), "-U", "akira", "-A", "trust", "--locale=C.UTF-8", "-N");
        await pair.Start("primary", pair.Primary);
        var from = $"host=127.0.0.1 port={pair.Primary} user=akira";
        await As("pg_basebackup", "-d", from, "-D", pair.Data("standby"), "-R", "-X", "stream", "-c", "fast");
        await pair.Start("standby", pair.Standby);
        return pair;
    }

    public Task Start(string which, int port) =>
        As(
            "pg_ctl",
            "start",
            "-w",
            "-D",
            Data(which),
            "-l",
            Path.Combine(_folder, $"{which}.log"),
            "-o",
            $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
        );

    /// <summary>As by a crash.</summary>
    public Task Crash(string which) => As("pg_ctl", "stop", "-m", "immediate", "-w", "-D", Data(which));

    public Task Promote() => As("pg_ctl", "promote", "-w", "-D", Data("standby"));

    public Task Sql(int port, string statement) =>
        Run("psql", $"host=127.0.0.1 port={port} user=akira dbname=postgres", "-qAtc", statement);

    /// <summary>SIGSTOP or SIGCONT to the server process: its port stays open.</summary>
    public Task Signal(string which, string signal) =>
        Run("kill", signal, File.ReadLines(Path.Combine(Data(which), "postmaster.pid")).First());

    public async ValueTask DisposeAsync()
    {
        foreach (var which in (string[])["standby", "primary"])
            if (File.Exists(Path.Combine(Data(which), "postmaster.pid")))
                await Crash(which);
        Directory.Delete(_folder, recursive: true);
    }

    private string Data(string which) => Path.Combine(_folder, which);

    private static string Program(string name) => $"/usr/lib/postgresql/15/bin/{name}";

    // The server refuses to run as root.
    private static Task As(string program, params string[] arguments) =>
        Environment.UserName == "root"
            ? Run("runuser", ["-u", "postgres", "--", Program(program), .. arguments])
            : Run(Program(program), arguments);

    private static async Task Run(string program, params string[] arguments)
    {
        // Into a file: a server that was started keeps what it inherited open.
        var output = Path.GetTempFileName();
        string[] command = ["-c", "exec \"$@\" >\"$0\" 2>&1", output, program, .. arguments];
        using var process = Process.Start(new ProcessStartInfo("bash", command) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        var said = await File.ReadAllTextAsync(output);
        File.Delete(output);
        Assert.True(
            process.ExitCode == 0,
            string.Create(CultureInfo.InvariantCulture, $"{program} ended with {process.ExitCode}: {said}")
        );
    }
}
