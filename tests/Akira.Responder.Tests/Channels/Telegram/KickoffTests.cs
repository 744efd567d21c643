using System.Net;
using System.Text.RegularExpressions;
using Akira.Core.Incidents;

namespace Akira.Responder.Tests.Channels.Telegram;

/// <summary>The document's kickoff procedure, step by step, as people in the group live it; on two servers of the Bot API.</summary>
public abstract partial class KickoffTests : IAsyncLifetime
{
    private protected const long Anna = BotApi.Anna;

    private RunningResponder _responder = null!;

    [Fact]
    public async Task The_kickoff_of_the_runbook_from_the_page_to_the_end()
    {
        // The page.
        using var posted = await _responder.Post(
            "/api/v2/alerts",
            """[{"labels":{"alertname":"KamailioDown","severity":"critical","service":"kamailio"},"annotations":{"summary":"Kamailio answers nothing"}}]"""
        );
        Assert.True(posted.IsSuccessStatusCode);
        var page = await Wait("SEV1 INC-1 · signaling · open");
        Assert.Contains("Kamailio answers nothing", page.Text);

        // 1. Acknowledge with ACK <name>.
        await Say("ACK anna", page);
        await Wait("INC-1 acknowledged by anna");

        // 2. Open a ticket: it joins the incident that is open for that.
        await Say("/ticket \"SEV1 - Kamailio is down\" severity:critical");
        await Wait("Joined INC-1");

        // 3. The log is there; people write into it.
        await Say("nobody can call out", page);
        await Wait("Noted.");

        // 4. Classify.
        await Say("/classify signaling", page);
        await Wait("INC-1 is already classified as signaling.");

        // 5. Pick the runbook, run from it: shown frozen, confirmed with a code. From here on in a chat with the bot alone.
        await Press("Runbook", page);
        await Wait("SEV1 INC-1 · signaling · runbook");
        await Tell("/run kamailio-restart");
        var frozen = await Wait("/confirm ");
        await Tell($"/confirm {Code().Match(frozen.Text).Groups[1].Value}");
        await Until(() => Entries<Entry.StepRequested>().Any(s => s.Reason == StepReason.Confirmed));

        // 6. Updates.
        await Tell("/update restarted kamailio, calls flow again");
        await Wait("Update recorded. The next one is due in 15 min.");

        await Tell("/mitigated restarted kamailio");
        await Wait("INC-1 is mitigated.");
        await Tell("/resolve");
        await Wait("INC-1 cannot be resolved yet");
        await Tell("/resolve override: this is a rehearsal");
        await Wait("✅ SEV1 INC-1 · signaling · resolved");

        Assert.Equal(new Actor("anna", "telegram:1001", "telegram"), By<Entry.Acknowledged>());
        Assert.Equal(new Actor("anna", "telegram:1001", "telegram"), By<Entry.Resolved>());
        Assert.Single(Entries<Entry.Paged>());
        Assert.Empty(Entries<Entry.PageFailed>());
    }

    public async ValueTask InitializeAsync()
    {
        var server = await Open();
        var folder = Directory.CreateTempSubdirectory("akira-kickoff-").FullName;
        var runbooks = Directory.CreateDirectory(Path.Combine(folder, "runbooks")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root(), "runbooks"), "*.md"))
        {
            var text = (await File.ReadAllTextAsync(file))
                .Replace("| oncall-one | - |", "| anna | 1001 |", StringComparison.Ordinal)
                .Replace("| oncall-two | - |", "| bruno | 1002 |", StringComparison.Ordinal);
            // No test talks to the world.
            text = PublicAddress().Replace(text, "curl $1 http://127.0.0.1:9");
            await File.WriteAllTextAsync(Path.Combine(runbooks, Path.GetFileName(file)), text);
        }
        _responder = await RunningResponder.Start(
            o =>
                o with
                {
                    Telegram = new TelegramOptions(BotApi.Token, server.ToString(), BotApi.Group),
                    Ssh = new SshOptions(Keys: ""),
                },
            folder: folder
        );
    }

    public virtual ValueTask DisposeAsync() => _responder.DisposeAsync();

    /// <returns>The base address of the Bot API.</returns>
    private protected abstract Task<Uri> Open();

    /// <summary>Anna writes in the group.</summary>
    private protected abstract Task Say(string text, Told? replyTo = null);

    /// <summary>Anna writes to the bot alone.</summary>
    private protected abstract Task Tell(string text);

    private protected abstract Task Press(string button, Told message);

    /// <summary>What the bot has written, edits taken in.</summary>
    private protected abstract Task<IReadOnlyList<Told>> Messages();

    private async Task<Told> Wait(string words)
    {
        IReadOnlyList<Told> told = [];
        for (var tries = 0; tries < 1200; tries++)
        {
            told = await Messages();
            if (told.LastOrDefault(m => m.Text.Contains(words, StringComparison.Ordinal)) is { } found)
                return found;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        throw new Xunit.Sdk.XunitException(
            $"nobody said «{words}»:\n{string.Join("\n---\n", told.Select(m => m.Text))}"
        );
    }

    private static async Task Until(Func<bool> holds)
    {
        for (var tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 600);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private IEnumerable<T> Entries<T>()
        where T : Entry => _responder.Desk.Log.Of(1).Select(l => l.Entry).OfType<T>();

    private Actor By<T>()
        where T : Entry => _responder.Desk.Log.Of(1).Single(l => l.Entry is T).By;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Akira.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }

    private protected static string Plain(string html) => WebUtility.HtmlDecode(Tag().Replace(html, ""));

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"/confirm (\w+)")]
    private static partial Regex Code();

    [GeneratedRegex(@"curl (-\S+(?: -I)?) https://\S+")]
    private static partial Regex PublicAddress();

    private protected sealed record Told(long Id, string Text, IReadOnlyDictionary<string, string> Buttons);
}

/// <summary>On the lab's double.</summary>
public sealed class KickoffOnTheDoubleTests : KickoffTests
{
    private BotApi _api = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _api.DisposeAsync();
    }

    private protected override async Task<Uri> Open() => (_api = await BotApi.Start(TimeProvider.System)).Url;

    private protected override Task Say(string text, Told? replyTo = null) => _api.Say(Anna, text, replyTo?.Id);

    private protected override Task Tell(string text) => _api.Say(Anna, text, chat: Anna);

    private protected override Task Press(string button, Told message) => _api.Press(Anna, message.Id, button);

    private protected override async Task<IReadOnlyList<Told>> Messages() =>
        [
            .. (await _api.Messages())
                .Concat(await _api.Messages(Anna))
                .Where(m => m.IsBot)
                .Select(m => new Told(m.Id, m.Plain, m.Buttons)),
        ];
}
