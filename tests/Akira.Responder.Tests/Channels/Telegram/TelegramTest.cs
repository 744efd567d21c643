using Akira.Core.Incidents;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Channels.Telegram;

/// <summary>A responder whose group is in the double of the Bot API, with anna as primary and bruno as secondary.</summary>
public abstract class TelegramTest : IAsyncLifetime
{
    private protected const string OnCall = """
        # Platform

        ## On-call

        | Name | Telegram | E-mail | Role |
        | --- | --- | --- | --- |
        | anna | 1001 | anna@example.org | primary |
        | bruno | 1002 | bruno@example.org | secondary |
        | massimo | @massimo | massimo@example.org | lead |
        | francesco | 1004 | francesco@example.org | manager |
        """;

    /// <summary>Severities beside the usual two.</summary>
    private protected virtual string Severities => "";

    /// <summary>What else the runbook says.</summary>
    private protected virtual string MorePolicy => "";

    private protected virtual string Policy =>
        RunningResponder.PolicyText.Replace(
            "\n## Resolution",
            $"{Severities}\n\n## Resolution",
            StringComparison.Ordinal
        ) + MorePolicy;

    private protected TimeProvider Time { get; init; } = TimeProvider.System;
    private protected BotApi Telegram { get; private set; } = null!;
    private protected RunningResponder Responder { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Telegram = await BotApi.Start(Time);
        var folder = Directory.CreateTempSubdirectory("akira-telegram-").FullName;
        var runbooks = Path.Combine(folder, "runbooks");
        RunningResponder.WritePolicy(runbooks, Policy);
        await File.WriteAllTextAsync(Path.Combine(runbooks, "platform.md"), OnCall);
        await Start(folder);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Responder.DisposeAsync();
        await Telegram.DisposeAsync();
    }

    private protected async Task Restart() => await Start(await Responder.Stop());

    private protected async Task Start(string folder) =>
        Responder = await RunningResponder.Start(
            o => o with { Telegram = new TelegramOptions(BotApi.Token, Telegram.Url.ToString(), BotApi.Group) },
            Time,
            folder
        );

    /// <param name="instance">Alerts of one subsystem that differ in it are different alerts.</param>
    private protected async Task Alert(
        string subsystem,
        string severity = "critical",
        string summary = "no calls",
        string instance = "one"
    )
    {
        using var answer = await Responder.Post(
            "/api/v2/alerts",
            $$"""
            [{"labels":{"alertname":"A{{subsystem}}","severity":"{{severity}}","subsystem":"{{subsystem}}","instance":"{{instance}}"},
              "annotations":{"summary":"{{summary}}"} }]
            """
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private protected IEnumerable<LogEntry> Log(int incident = 1) => Responder.Desk.Log.Of(incident);

    private protected IEnumerable<T> Entries<T>(int incident = 1)
        where T : Entry => Log(incident).Select(l => l.Entry).OfType<T>();

    /// <param name="clock">Of the test: it goes on meanwhile.</param>
    private protected static async Task Until(Func<bool> holds, string what, FakeTimeProvider? clock = null)
    {
        for (var tries = 0; !holds(); tries++)
        {
            clock?.Advance(TimeSpan.FromMilliseconds(100));
            Assert.True(tries < 2000, $"not so after 20 s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
