using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Akira.Scenarios.Real;

/// <summary>A program run as its own process, ended by its id, its output kept for the failure message.</summary>
internal sealed class RealProcess : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;
    private bool _disposed;

    public RealProcess(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    /// <summary>SIGKILL: nothing it holds in memory survives.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Waits for a 200.</summary>
    public async Task Ready(HttpClient client, string path, CancellationToken cancel)
    {
        for (var tries = 0; tries < 3000; tries++)
        {
            Assert.False(_process.HasExited, $"it ended before it was ready:\n{Output}");
            try
            {
                using var answer = await client.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute), cancel);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                // Not listening yet; the client lets a connection that is refused at its very end through as it is.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancel);
        }
        Assert.Fail($"it was not ready after 30 s:\n{Output}");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Kill();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
