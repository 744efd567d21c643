using System.Globalization;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Responder.Channels;
using Akira.Responder.Channels.Telegram;

namespace Akira.Responder.Tests.Channels.Telegram;

public sealed class CardsTests
{
    [Fact]
    public void A_digest_has_a_line_for_each_incident_however_long_the_others_are()
    {
        var messages = Enumerable
            .Range(1, 15)
            .Select(n => new Message(
                $"INC-{n}",
                new Severity(2),
                "page",
                ["anna"],
                "opened",
                string.Concat(Enumerable.Repeat("\"<&>", 80)),
                DateTimeOffset.UnixEpoch,
                n,
                null
            ));

        var html = Cards.Digest([.. messages], Platform.Empty);

        Assert.InRange(html.Length, 1, Html.Longest);
        Assert.All(
            Enumerable.Range(1, 15),
            n => Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"SEV2 INC-{n}:"), html)
        );
        Assert.EndsWith("the buttons take them.", html);
    }

    [Theory]
    [InlineData("🔴 SEV1 INC-7 · signaling · open", 7)]
    [InlineData("INC-7 acknowledged by anna at T+6 s.", 7)]
    [InlineData("SEV1 INC-7: no calls\nSEV1 INC-8: no database", null)]
    [InlineData("bruno is primary for 8 h.", null)]
    public void A_message_is_about_the_only_incident_that_it_names(string text, int? incident) =>
        Assert.Equal(incident, Cards.IncidentIn(text));
}
