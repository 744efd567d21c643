using Akira.Responder.Console;

namespace Akira.Responder.Tests.Console;

public class SafeMarkdownTests
{
    [Fact]
    public void Html_in_a_post_mortem_stays_text()
    {
        var html = Of("## Timeline\n\n- T+0: <script>alert(1)</script>");

        Assert.Contains("<h2", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("[a](JaVaScRiPt:alert(1))")]
    [InlineData("[a](data:text/html,x)")]
    [InlineData("[a](//evil.example)")]
    [InlineData("[a](/\\evil.example)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("[a]\n\n[a]: vbscript:x")]
    public void A_link_that_could_do_something_leads_nowhere(string markdown) =>
        Assert.Contains("href=\"\"", Of(markdown), StringComparison.Ordinal);

    [Theory]
    [InlineData("[a](https://example.org/x)", "https://example.org/x")]
    [InlineData("[a](deploy.md#rollback)", "deploy.md#rollback")]
    [InlineData("<http://example.org>", "http://example.org")]
    public void Links_to_the_web_and_beside_the_page_work(string markdown, string target) =>
        Assert.Contains($"href=\"{target}\"", Of(markdown), StringComparison.Ordinal);

    [Fact]
    public void Images_are_not_loaded() =>
        Assert.DoesNotContain("<img", Of("![x](https://example.org/pixel.png)"), StringComparison.Ordinal);

    private static string Of(string markdown) => SafeMarkdown.Html(markdown).Value;
}
