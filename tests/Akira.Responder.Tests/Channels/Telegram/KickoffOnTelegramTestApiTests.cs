using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Akira.Responder.Tests.Channels.Telegram;

/// <summary>On npm's <c>telegram-test-api</c>: a server of the Bot API that others wrote.</summary>
public sealed class KickoffOnTelegramTestApiTests : KickoffTests
{
    private const string Package = "telegram-test-api@4.2.1";

    private static readonly DirectoryInfo Folder = Directory.CreateTempSubdirectory("akira-telegram-test-api-");
    private static readonly object Group = new
    {
        id = BotApi.Group,
        type = "supergroup",
        title = "Akira Staging Alerts",
    };

    private Process _node = null!;
    private HttpClient _http = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _node.Kill(entireProcessTree: true);
        await _node.WaitForExitAsync();
        _node.Dispose();
        _http.Dispose();
        Folder.Delete(recursive: true);
    }

    private protected override async Task<Uri> Open()
    {
        await Install();
        var port = FreePort();
        var script = Path.Combine(Folder.FullName, "server.js");
        await File.WriteAllTextAsync(
            script,
            $$"""
            const package = require('telegram-test-api');
            const Server = package.TelegramServer || package.default || package;
            new Server({ port: {{port}}, host: '127.0.0.1', storeTimeout: 600 }).start();
            """
        );
        _node = Process.Start(new ProcessStartInfo("node", script) { WorkingDirectory = Folder.FullName })!;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        for (var tries = 0; ; tries++)
            try
            {
                using var answer = await _http.GetAsync($"/bot{BotApi.Token}/getMe");
                return _http.BaseAddress;
            }
            catch (HttpRequestException) when (tries < 500)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
    }

    private protected override Task Say(string text, Told? replyTo = null) => Write(Group, text, replyTo);

    private protected override Task Tell(string text) =>
        Write(
            new
            {
                id = Anna,
                type = "private",
                first_name = "Anna",
            },
            text,
            replyTo: null
        );

    private async Task Write(object chat, string text, Told? replyTo)
    {
        using var answer = await _http.PostAsJsonAsync(
            "/sendMessage",
            new
            {
                botToken = BotApi.Token,
                from = Sender,
                chat,
                date = 1_767_225_600,
                text,
                reply_to_message = replyTo is null ? null : Own(replyTo),
            }
        );
        answer.EnsureSuccessStatusCode();
    }

    private protected override async Task Press(string button, Told message)
    {
        using var answer = await _http.PostAsJsonAsync(
            "/sendCallback",
            new
            {
                botToken = BotApi.Token,
                from = Sender,
                message = Own(message),
                data = message.Buttons[button],
            }
        );
        answer.EnsureSuccessStatusCode();
    }

    private protected override async Task<IReadOnlyList<Told>> Messages()
    {
        using var answer = await _http.PostAsJsonAsync("/getUpdatesHistory", new { token = BotApi.Token });
        var history = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["result"]!.AsArray();
        return
        [
            .. history
                .Where(u => u!["message"]?["chat_id"] is not null)
                .Select(u => new Told(
                    (long)u!["messageId"]!,
                    Plain((string)u["message"]!["text"]!),
                    u["message"]!
                        ["reply_markup"]
                        ?["inline_keyboard"]?.AsArray()
                        .SelectMany(row => row!.AsArray())
                        .ToDictionary(b => (string)b!["text"]!, b => (string)b!["callback_data"]!)
                        ?? []
                )),
        ];
    }

    private static object Sender =>
        new
        {
            id = Anna,
            is_bot = false,
            first_name = "Anna",
        };

    private static object Own(Told message) =>
        new
        {
            message_id = message.Id,
            from = new
            {
                id = 7_000_000_001,
                is_bot = true,
                first_name = "Akira",
            },
            chat = Group,
            date = 1_767_225_600,
            text = message.Text,
        };

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private static async Task Install()
    {
        string[] install = ["install", "--no-audit", "--no-fund", "--prefix", Folder.FullName, Package];
        using var npm = Process.Start(
            new ProcessStartInfo("npm", install) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var (output, errors) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
        await npm.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        Assert.True(npm.ExitCode == 0, $"npm {string.Join(' ', install)}: {await errors}");
    }
}
