using System.Diagnostics;
using System.Globalization;
using Akira.Scenarios.Real;
using Npgsql;

namespace Akira.Voice.Tests.Real;

/// <summary>A PostgreSQL of its own on a free port of loopback.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private readonly string _folder;
    private readonly int _port = FreePort.Next();
    private NpgsqlDataSource? _database;

    private Postgres(string folder) => _folder = folder;

    public string Connection =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database=postgres;Username=akira");

    public int Port => _port;

    public static async Task<Postgres> Start()
    {
        DebianPackage.Require("postgresql-15", Program("initdb"));
        var server = new Postgres(Directory.CreateTempSubdirectory("akira-pg-").FullName);
        if (Environment.UserName == "root")
            await Run("chown", "postgres", server._folder);
        await server.As(
            "initdb",
            "-D",
            server.Data,
            "-U",
            "akira",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N"
        );
        await server.Start(again: true);
        return server;
    }

    private string Data => Path.Combine(_folder, "data");

    public async Task Start(bool again)
    {
        var settings =
            $"-c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories= -c shared_buffers=128MB -c max_wal_size=2GB";
        await As("pg_ctl", "start", "-w", "-t", "30", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o", settings);
        _database ??= NpgsqlDataSource.Create(Connection);
    }

    /// <summary>As by a crash: nothing is written any more.</summary>
    public Task Crash() => As("pg_ctl", "stop", "-m", "immediate", "-w", "-D", Data);

    public async Task<long> Count(string query)
    {
        await using var command = _database!.CreateCommand(query);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async Task Do(string statement)
    {
        await using var command = _database!.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<List<string>> Column(string query)
    {
        var values = new List<string>();
        await using var command = _database!.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        await Crash();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Program(string name) => $"/usr/lib/postgresql/15/bin/{name}";

    // The server refuses to run as root.
    private Task As(string program, params string[] arguments) =>
        Environment.UserName == "root"
            ? Run("runuser", ["-u", "postgres", "--", Program(program), .. arguments])
            : Run(Program(program), arguments);

    private static async Task Run(string program, params string[] arguments)
    {
        // No pipe: the server would inherit it, and we wait for its end.
        using var process = Process.Start(
            new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments])
            {
                WorkingDirectory = "/",
            }
        )!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
