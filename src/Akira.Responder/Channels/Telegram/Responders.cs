using System.Globalization;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Telegram.Bot.Types;

namespace Akira.Responder.Channels.Telegram;

/// <summary>Who may act: those whose id stands in the on-call table. What somebody calls himself changes nothing.</summary>
internal static class Responders
{
    /// <returns>The name is the table's, the id is Telegram's; null: a stranger.</returns>
    public static Actor? ActorOf(User sender, Platform platform)
    {
        var person =
            platform.OnCall.FirstOrDefault(p => p.TelegramId == sender.Id)
            // A table that has only a handle: it is somebody's until he gives it up, so the checker asks for the id.
            ?? platform.OnCall.FirstOrDefault(p =>
                sender.Username is { Length: > 0 } handle
                && p.Telegram.Equals("@" + handle, StringComparison.OrdinalIgnoreCase)
            );
        return person is null || sender.IsBot
            ? null
            : new Actor(person.Name, $"telegram:{sender.Id.ToString(CultureInfo.InvariantCulture)}", "telegram");
    }

    public static string Refusal(User sender) =>
        $"Sorry {Html.Escape(Html.Cut(sender.FirstName, 60))}, I take orders only from people in the on-call table. Your Telegram id is "
        + $"{Html.Code(sender.Id.ToString(CultureInfo.InvariantCulture))}: ask who keeps the runbooks to put it into the Telegram column of platform.md.";
}
