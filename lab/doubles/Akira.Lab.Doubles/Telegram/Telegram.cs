namespace Akira.Lab.Doubles.Telegram;

internal static class TelegramDouble
{
    public static void MapTelegram(this WebApplication app)
    {
        app.MapGet("/", () => "soon");
    }
}
