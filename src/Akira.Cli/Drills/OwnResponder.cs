using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Akira.Cli.Http;

namespace Akira.Cli.Drills;

/// <summary>A responder of the drill's own: as a user starts one, with a data folder that nobody else has.</summary>
internal sealed class OwnResponder(
    string data,
    string runbooks,
    string webhook,
    IReadOnlyDictionary<string, string> variables
) : IAsyncDisposable
{
    private const string Greeting = "Akira answers on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
    private Process? _process;
    private Task _drained = Task.CompletedTask;

    public string Log => Path.Combine(data, "responder.log");

    public ResponderClient Client { get; private set; } = null!;

    /// <summary>How many times faster than the world's its clock runs.</summary>
    public double Scale { get; private set; }

    /// <exception cref="InvalidOperationException">It did not come up; the sentence says where to read why.</exception>
    public async Task Start(double scale, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Scale = scale;
        // The host that runs us: dotnet with our assembly, or the assembly's own.
        var self = Environment.ProcessPath!;
        string[] own = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        var start = new ProcessStartInfo(
            self,
            [
                .. own,
                "up",
                "--listen",
                "http://127.0.0.1:0",
                "--data",
                Path.Combine(data, "responder"),
                "--runbooks",
                runbooks,
                "--time-scale",
                scale.ToString(CultureInfo.InvariantCulture),
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        start.Environment["AKIRA_TOKEN"] = _token;
        start.Environment["AKIRA_Webhook__Url"] = webhook;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        var url = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _drained = Task.WhenAll(
            Drain(_process.StandardOutput, Log, url),
            Drain(_process.StandardError, Log + ".errors", null)
        );
        try
        {
            var address = await url.Task.WaitAsync(Patience, TimeProvider.System, cancel);
            Client = new ResponderClient(new Address(new Uri(address), _token, "the drill"));
        }
        catch (Exception e) when (e is TimeoutException or EndOfStreamException)
        {
            await Stop();
            throw new InvalidOperationException(
                $"The drill's responder did not come up: {(await File.ReadAllTextAsync(Log + ".errors", CancellationToken.None)).Trim()}",
                e
            );
        }
    }

    /// <summary>Begins anew at the next start, with an empty folder. Only when it is stopped.</summary>
    public void Forget() => Directory.Delete(Path.Combine(data, "responder"), recursive: true);

    /// <summary>Asked to end, as by a service manager; what it knows is on disk.</summary>
    public async Task Stop()
    {
        if (_process is not { } process)
            return;
        _process = null;
        Client?.Dispose();
        using (process)
        {
            using (var term = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
                await term.WaitForExitAsync(CancellationToken.None);
            try
            {
                await process
                    .WaitForExitAsync(CancellationToken.None)
                    .WaitAsync(TimeSpan.FromSeconds(15), TimeProvider.System);
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
            }
            await _drained;
        }
    }

    public async ValueTask DisposeAsync() => await Stop();

    private static async Task Drain(StreamReader from, string file, TaskCompletionSource<string>? url)
    {
        await using var log = new StreamWriter(file, append: true) { AutoFlush = true };
        while (await from.ReadLineAsync(CancellationToken.None) is { } line)
        {
            await log.WriteLineAsync(line);
            if (line.StartsWith(Greeting, StringComparison.Ordinal))
                url?.TrySetResult(line[Greeting.Length..].Trim());
        }
        url?.TrySetException(new EndOfStreamException("The responder ended."));
    }
}
