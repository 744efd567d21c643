using Akira.Responder.Channels.Telegram;

namespace Akira.Responder.Tests.Channels.Telegram;

public sealed class HtmlTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \n", "")]
    [InlineData("\nUp 3 <min>\n", "<pre>Up 3 &lt;min&gt;</pre>")]
    public void Output_has_a_box_and_what_printed_nothing_has_none(string output, string html) =>
        Assert.Equal(html, new Html().Pre(output, 700).ToString());
}
