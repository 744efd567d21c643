using Akira.Core.Incidents;
using Akira.Responder.Access;
using Akira.Responder.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Responder.Tests.Console;

/// <summary>A whole responder on a free port, with a folder of its own, for a browser to look at.</summary>
internal sealed class Site : IAsyncDisposable
{
    private const string Runbook = """
        # Incident response

        ## Severity levels

        ### SEV1 - Outage

        - Definition: calls cannot be made.
        - Ack target: 15 minutes.
        - Communication: Telegram immediate.

        ### SEV2 - Degraded

        - Definition: calls are worse than they should be.
        - Ack target: 30 minutes.
        - Communication: Telegram immediate.

        ## Common Scenarios

        ### Kamailio Down

        Recover:

        ```sh { name=kamailio-restart }
        systemctl restart kamailio
        ```

        ## Resolution

        - User-facing symptom is gone.
        - Customers were told.
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("akira-console-");
    private readonly WebApplication app;

    private Site()
    {
        var runbooks = folder.CreateSubdirectory("runbooks").FullName;
        File.WriteAllText(Path.Combine(runbooks, "incident-response.md"), Runbook);
        app = Responder.Build(
            new ResponderOptions
            {
                Listen = "http://127.0.0.1:0",
                Data = Path.Combine(folder.FullName, "data"),
                Runbooks = runbooks,
            },
            TimeProvider.System
        );
    }

    public string Url => app.Urls.Single();

    /// <summary>Logs anna in, once.</summary>
    public string LoginLink => $"{Url}/login?name=anna&code={app.Services.GetRequiredService<LoginLink>().Make()}";

    public static async Task<Site> Open()
    {
        var site = new Site();
        await site.app.StartAsync();
        return site;
    }

    /// <summary>What bruno says, elsewhere.</summary>
    public Task<Answer> Says(string text, int? incident = null) =>
        app
            .Services.GetRequiredService<Desk>()
            .Say(text, incident, new Actor("bruno", "token:bruno", "http"), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
