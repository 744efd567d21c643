using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Akira.Core.Voice;
using Akira.Responder.Voice;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Responder.Tests.Postmortems;

public sealed class PostmortemEndpointsTests : IAsyncLifetime
{
    private RunningResponder _site = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await RunningResponder.Start();
        await _site.Says("/ticket \"SEV1 - no calls\"");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task It_comes_as_markdown_and_as_a_page_of_its_own()
    {
        var markdown = await _site.Http.GetAsync("/api/incidents/INC-1/postmortem");
        Assert.Equal("text/markdown", markdown.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("# Postmortem - INC-1", await markdown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var html = await _site.Http.GetAsync("/api/incidents/1/postmortem?format=html");
        Assert.Equal("text/html", html.Content.Headers.ContentType!.MediaType);
        Assert.Contains("<h1 id=\"postmortem", await html.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_say_is_text_in_the_page_and_not_markup()
    {
        await _site.Says(
            "/log <img src=x onerror=alert(1)> ![x](https://example.org/pixel.png) [y](javascript:alert(1))",
            1
        );
        await Put("<script>alert(1)</script>\n\n![x](https://example.org/pixel.png)\n\n[y](javascript:alert(1))", 0);
        foreach (var version in (int[])[0, 1])
        {
            var html = await _site.Http.GetStringAsync($"/api/incidents/1/postmortem?format=html&version={version}");
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.DoesNotContain("href=\"javascript", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_version_is_kept_with_its_author()
    {
        Assert.Equal(HttpStatusCode.OK, (await Put("# One", 0)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Put("# Two", 1)).StatusCode);
        var versions = (await _site.Get("/api/incidents/1/postmortem/versions")).AsArray();
        Assert.Equal([1, 2], versions.Select(v => v!["version"]!.GetValue<int>()));
        Assert.Equal("# One", await _site.Http.GetStringAsync("/api/incidents/1/postmortem?version=1"));
        Assert.Equal("# Two", await _site.Http.GetStringAsync("/api/incidents/1/postmortem"));
    }

    [Fact]
    public async Task Who_comes_second_is_refused_with_the_reason()
    {
        await Put("# Hers", 0);
        var answer = await Put("# His", 0);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("postmortem-changed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Action_items_of_all_incidents_come_the_next_due_first()
    {
        await _site.Says("/ticket \"SEV2 - slow pages on frontend\"");
        await Put("## Action Items\n- [ ] anna - later - 2031-01-01\n- [x] anna - done\n", 0);
        await _site.Says("/action bruno - sooner - 2020-01-01", 2);
        var actions = (await _site.Get("/api/actions")).AsArray();
        Assert.Equal(["INC-2.1", "INC-1.1", "INC-1.2"], actions.Select(a => a!["id"]!.GetValue<string>()));
        Assert.True(actions[0]!["overdue"]!.GetValue<bool>());
        Assert.Equal(2, (await _site.Get("/api/actions?state=open")).AsArray().Count);
    }

    [Fact]
    public async Task Figures_of_calls_are_drawn_into_the_page_and_come_alone_too()
    {
        var now = TimeProvider.System.GetUtcNow();
        var intake = _site.App.Services.GetRequiredService<CallIntake>();
        intake.Add([.. Enumerable.Range(60, 600).Select(i => Call(i, now.AddSeconds(-i)))], now);
        _site.App.Services.GetRequiredService<KpiHistory>().Keep(intake.TakeChanged(), now);

        Assert.Contains(
            "(INC-1-asr.svg)",
            await _site.Http.GetStringAsync("/api/incidents/1/postmortem"),
            StringComparison.Ordinal
        );
        var html = await _site.Http.GetStringAsync("/api/incidents/1/postmortem?format=html");
        Assert.Equal(3, html.Split("<svg ").Length - 1);
        var plot = await _site.Http.GetAsync("/api/incidents/1/postmortem/pdd.svg");
        Assert.Equal("image/svg+xml", plot.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_refusal_stands_in_the_log_with_what_was_asked()
    {
        await _site.Says("/resolve", 1);
        var log = (await _site.Get("/api/incidents/1/log")).AsArray();
        var refused = Assert.Single(log, e => e!["kind"]!.GetValue<string>() == "command-refused");
        Assert.Equal("gates-unmet", refused!["code"]!.GetValue<string>());
        Assert.Equal("/resolve", refused["text"]!.GetValue<string>());
    }

    private Task<HttpResponseMessage> Put(string text, int based) =>
        _site.Http.PutAsync(
            "/api/incidents/1/postmortem",
            new StringContent(
                new JsonObject { ["text"] = text, ["base"] = based }.ToJsonString(),
                Encoding.UTF8,
                "application/json"
            )
        );

    private static CallRecord Call(int i, DateTimeOffset at) =>
        new()
        {
            Version = 1,
            Type = CallRecordType.Setup,
            CallUid = $"paper-{i}",
            InvitedAt = at.AddSeconds(-2),
            RangAt = at.AddSeconds(-1),
            FinalAt = at,
            EmittedAt = at,
            SipCode = i % 9 == 0 ? 503 : 200,
            TrunkOut = "carrier-1",
            Destination = "+393331234567",
        };
}
