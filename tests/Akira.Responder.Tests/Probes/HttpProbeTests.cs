using Akira.Core.Runbooks;
using Akira.Responder.Probes;
using Akira.Voice.Tests.Real;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Tests.Probes;

/// <summary>Against Kestrel, which answers with the status code that the path names.</summary>
public sealed class HttpProbeTests : IAsyncLifetime
{
    private readonly int _port = FreePort.Next();
    private readonly HashSet<string> _connections = [];
    private readonly WebApplication _site;
    private readonly HttpProbe _probe;

    public HttpProbeTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_port}");
        _site = builder.Build();
        _site.MapGet(
            "/{code:int}",
            (int code, HttpContext context) =>
            {
                _connections.Add(context.Connection.Id);
                context.Response.Headers.Location = "/500";
                return Results.StatusCode(code);
            }
        );
        _probe = ProbeOf("200");
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(302, true)]
    [InlineData(401, true)]
    [InlineData(502, false)]
    public async Task What_answers_below_500_is_up(int code, bool isUp)
    {
        using var probe = ProbeOf($"{code}");
        Assert.Equal(isUp, (await Look(probe)).Up);
    }

    [Fact]
    public async Task Each_look_is_a_connection_of_its_own()
    {
        for (var i = 0; i < 3; i++)
            Assert.True((await Look(_probe)).Up);
        Assert.Equal(3, _connections.Count);
    }

    [Fact]
    public async Task Where_nobody_listens_it_is_heard_at_once()
    {
        await _site.StopAsync(TestContext.Current.CancellationToken);
        var gone = await Look(_probe);
        Assert.Equal((false, "connection refused"), (gone.Up, gone.Said));
    }

    public async ValueTask InitializeAsync() => await _site.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _probe.Dispose();
        await _site.DisposeAsync();
    }

    private HttpProbe ProbeOf(string path) => new(ProbeTarget.Read($"http://127.0.0.1:{_port}/{path}", out _)!);

    private static async Task<Reading> Look(HttpProbe probe)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        return await probe.Look(patience.Token);
    }
}
