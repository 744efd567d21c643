using System.Net;
using Akira.Core.Incidents;
using Akira.Core.OnCall;
using Akira.Responder.Runbooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.OnCall;

public sealed class OnCallTests : IAsyncLifetime
{
    private const string Table = """
        ## On-call

        | Name | Telegram | E-mail | Role |
        | --- | --- | --- | --- |
        | anna | - | - | rotation |
        | bruno | - | - | rotation |
        | carla | - | - | rotation |

        - Rotation: anna, bruno
        - Handover: every week at 09:00 Europe/Rome
        - Since: 2026-02-23
        """;

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
    private RunningResponder _responder = null!;

    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("akira-oncall-").FullName;
        RunningResponder.WritePolicy(Path.Combine(folder, "runbooks"), RunningResponder.PolicyText);
        await File.WriteAllTextAsync(Path.Combine(folder, "runbooks", "platform.md"), Table, _cancel);
        _responder = await RunningResponder.Start(time: _time, folder: folder);
    }

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    [Fact]
    public async Task A_page_goes_to_whose_turn_it_is_when_it_goes_out()
    {
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("a"));
        _time.Advance(TimeSpan.FromHours(29)); // past Monday, nine in Rome
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("b"));

        Assert.Equal(["anna"], FirstPage(1));
        Assert.Equal(["bruno"], FirstPage(2));
    }

    [Fact]
    public async Task Who_covers_is_paged_until_it_is_over_also_after_a_restart()
    {
        var told = await _responder.Says("/handover carla for 8h");
        Assert.Equal("carla is primary for 8 h. /oncall shows it, /uncover carla ends it.", told.Reply);
        _responder = await RunningResponder.Start(time: _time, folder: await _responder.Stop());

        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("a"));
        _time.Advance(TimeSpan.FromHours(8));
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("b"));

        Assert.Equal(["carla"], FirstPage(1));
        Assert.Equal(["anna"], FirstPage(2));
    }

    [Fact]
    public async Task Somebody_may_be_secondary_in_anothers_place_also_after_a_restart()
    {
        var told = await _responder.Says("/handover carla as secondary for 8h");
        using var posted = await _responder.Post(
            "/api/oncall/covers",
            """{"name":"carla","from":"2026-03-03T00:00:00Z","until":"2026-03-04T00:00:00Z","role":"secondary"}"""
        );
        using var refused = await _responder.Post(
            "/api/oncall/covers",
            """{"name":"carla","until":"2026-03-04T00:00:00Z","role":"captain"}"""
        );
        _responder = await RunningResponder.Start(time: _time, folder: await _responder.Stop());

        var now = (await _responder.Says("/oncall")).Reply;

        Assert.Equal("carla is secondary for 8 h. /oncall shows it, /uncover carla ends it.", told.Reply);
        Assert.Contains("anna (primary)", now);
        Assert.Contains("carla (secondary)", now);
        Assert.Contains("carla covers as secondary from", now);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (posted.StatusCode, refused.StatusCode));
        Assert.Equal(["secondary", "secondary"], Covers().Select(c => c.Role));
    }

    [Fact]
    public async Task Asked_who_is_on_call_it_says_who_and_until_when_and_who_covers()
    {
        await _responder.Says("/handover carla for 8h");

        var reply = (await _responder.Says("/oncall")).Reply;

        Assert.Contains("carla (primary)", reply);
        Assert.Contains("bruno (secondary)", reply);
        Assert.Contains("bruno takes over at Mon 2026-03-02 09:00 Europe/Rome", reply);
        Assert.Contains("carla covers from", reply);
    }

    [Fact]
    public async Task Somebody_who_is_not_in_the_table_covers_for_nobody()
    {
        Assert.Equal("unknown-person", (await _responder.Says("/handover dora for 8h")).Refusal!.Code);

        var answer = await _responder.Post("/api/oncall/covers", """{"name":"dora","until":"2026-03-02T00:00:00Z"}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_calendar_has_each_shift_once_and_what_it_says_pins_nothing_when_it_is_read_back()
    {
        await _responder.Post(
            "/api/oncall/covers",
            """{"name":"carla","from":"2026-03-03T00:00:00Z","until":"2026-03-04T00:00:00Z"}"""
        );
        var text = await _responder.Http.GetStringAsync("/api/oncall.ics", _cancel);
        var names = text.Split('\n').Where(l => l.StartsWith("SUMMARY:", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            ["anna", "bruno", "carla", "bruno", "anna", "bruno"],
            names.Take(6).Select(n => n["SUMMARY:".Length..].Trim())
        );
        using var again = await _responder.Post("/api/oncall.ics", text, "text/calendar");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Single(Covers());
        Assert.Contains("DTSTART:20260223T080000Z", text); // the shift that holds now has begun before
    }

    [Fact]
    public async Task A_calendar_that_is_imported_again_adds_nothing_and_what_was_moved_or_called_off_in_it_is_over()
    {
        await Import(Event("1@test", "carla", "20260301T010000Z", "20260301T060000Z")); // it holds now
        await Import(Event("2@test", "carla", "20260304T000000Z", "20260304T060000Z"));
        Assert.Contains(
            "0 covers added, 1 were there",
            await Import(Event("1@test", "carla", "20260301T010000Z", "20260301T060000Z"))
        );
        Assert.Equal(2, Covers().Count);

        await Import(Event("2@test", "carla", "20260305T000000Z", "20260305T060000Z"));
        Assert.Equal([1, 5], Covers().Select(c => c.From.Day));

        await Import(Event("2@test", "carla", "20260305T000000Z", "20260305T060000Z", "STATUS:CANCELLED"));
        await Import(Event("3@test", "carla", "20260306T000000Z", "20260306T060000Z", "STATUS:CANCELLED"));
        Assert.Equal([1], Covers().Select(c => c.From.Day));
    }

    [Fact]
    public async Task The_answer_says_until_when_what_is_repeated_was_taken_over()
    {
        var said = await Import(Event("1@test", "carla", "20260301T180000Z", "20260302T060000Z", "RRULE:FREQ=DAILY"));

        Assert.Contains("What comes after 2026-05-30 was not taken over", said);
        var reply = (await _responder.Says("/oncall")).Reply;
        Assert.Contains("and 85 more covers after that", reply);
        Assert.True(reply.Split('\n').Length < 12, reply);
    }

    [Fact]
    public async Task A_cover_is_ended_by_chat_or_by_its_id_and_stays_so_after_a_restart()
    {
        await _responder.Says("/handover carla for 8h");
        await _responder.Post(
            "/api/oncall/covers",
            """{"name":"carla","from":"2026-03-03T00:00:00Z","until":"2026-03-04T00:00:00Z"}"""
        );
        _time.Advance(TimeSpan.FromHours(1));

        var told = await _responder.Says("/uncover Carla");
        Assert.Equal("carla covers no longer. Primary now: anna.", told.Reply);
        Assert.Equal("no-cover", (await _responder.Says("/uncover bruno")).Refusal!.Code);
        var address = $"/api/oncall/covers/{Covers().Single().Id}";
        Assert.Equal(HttpStatusCode.NoContent, (await _responder.Http.DeleteAsync(address, _cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _responder.Http.DeleteAsync(address, _cancel)).StatusCode);

        _responder = await RunningResponder.Start(time: _time, folder: await _responder.Stop());
        Assert.DoesNotContain("covers", (await _responder.Says("/oncall")).Reply);
    }

    private List<Cover> Covers() =>
        [
            .. _responder
                .App.Services.GetRequiredService<PolicyState>()
                .Covers.All.Where(c => c.Until > _time.GetUtcNow()),
        ];

    private async Task<string> Import(string calendar)
    {
        using var answer = await _responder.Post("/api/oncall.ics", calendar, "text/calendar");
        var said = await answer.Content.ReadAsStringAsync(_cancel);
        Assert.True(answer.IsSuccessStatusCode, said);
        return said;
    }

    private static string Event(string uid, string title, string from, string until, string also = "TRANSP:OPAQUE") =>
        Calendar(
            $"""
            BEGIN:VEVENT
            UID:{uid}
            SUMMARY:{title}
            DTSTART:{from}
            DTEND:{until}
            {also}
            END:VEVENT
            """
        );

    private static string Calendar(string events) =>
        $"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\n{events}\nEND:VCALENDAR\n";

    [Fact]
    public async Task An_imported_event_that_is_repeated_covers_each_time()
    {
        using var answer = await _responder.Post(
            "/api/oncall.ics",
            """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//test//
            BEGIN:VEVENT
            UID:1@test
            SUMMARY:Carla
            DTSTART;TZID=Europe/Rome:20260301T180000
            DTEND;TZID=Europe/Rome:20260302T060000
            RRULE:FREQ=DAILY;COUNT=3
            END:VEVENT
            END:VCALENDAR
            """,
            "text/calendar"
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_cancel));

        foreach (var (hours, primary) in new[] { (0, "anna"), (15, "carla"), (27, "anna"), (39, "carla") })
        {
            _time.SetUtcNow(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero).AddHours(hours));
            Assert.Contains($"{primary} (primary)", (await _responder.Says("/oncall")).Reply);
        }
    }

    [Fact]
    public async Task Of_an_event_that_is_repeated_one_time_is_moved_one_is_anothers_and_one_is_called_off()
    {
        const string shifts = """
            BEGIN:VEVENT
            UID:1@test
            SUMMARY:carla
            DTSTART;TZID=Europe/Rome:20260301T180000
            DTEND;TZID=Europe/Rome:20260302T060000
            RRULE:FREQ=DAILY;COUNT=5
            EXDATE;TZID=Europe/Rome:20260305T180000
            END:VEVENT
            """;
        await Import(Calendar(shifts));
        Assert.Equal(["01 17", "02 17", "03 17", "04 17"], Times());

        await Import(
            Calendar(
                shifts
                    + """

                    BEGIN:VEVENT
                    UID:1@test
                    RECURRENCE-ID;TZID=Europe/Rome:20260302T180000
                    SUMMARY:carla
                    DTSTART;TZID=Europe/Rome:20260302T210000
                    DTEND;TZID=Europe/Rome:20260303T030000
                    END:VEVENT
                    BEGIN:VEVENT
                    UID:1@test
                    RECURRENCE-ID;TZID=Europe/Rome:20260303T180000
                    SUMMARY:bruno
                    DTSTART;TZID=Europe/Rome:20260303T180000
                    DTEND;TZID=Europe/Rome:20260304T060000
                    END:VEVENT
                    BEGIN:VEVENT
                    UID:1@test
                    RECURRENCE-ID;TZID=Europe/Rome:20260304T180000
                    SUMMARY:carla
                    DTSTART;TZID=Europe/Rome:20260304T180000
                    DTEND;TZID=Europe/Rome:20260305T060000
                    STATUS:CANCELLED
                    END:VEVENT
                    """
            )
        );

        Assert.Equal(["01 17", "02 20", "03 17"], Times());
        Assert.Equal(["carla", "carla", "bruno"], Covers().OrderBy(c => c.From).Select(c => c.Name));
        Assert.Equal(
            TimeSpan.FromHours(6),
            Covers().Single(c => c.From.Day == 2).Until - Covers().Single(c => c.From.Day == 2).From
        );

        IEnumerable<string> Times() => Covers().OrderBy(c => c.From).Select(c => $"{c.From:dd HH}");
    }

    [Fact]
    public async Task A_time_that_is_moved_to_before_now_is_over_and_one_that_is_moved_from_there_comes()
    {
        // Now is three in the morning of 1 March.
        await Import(
            Calendar(
                """
                BEGIN:VEVENT
                UID:1@test
                SUMMARY:carla
                DTSTART:20260227T180000Z
                DTEND:20260227T200000Z
                RRULE:FREQ=DAILY;COUNT=4
                END:VEVENT
                BEGIN:VEVENT
                UID:1@test
                RECURRENCE-ID:20260227T180000Z
                SUMMARY:carla
                DTSTART:20260303T180000Z
                DTEND:20260303T200000Z
                END:VEVENT
                BEGIN:VEVENT
                UID:1@test
                RECURRENCE-ID:20260302T180000Z
                SUMMARY:carla
                DTSTART:20260228T200000Z
                DTEND:20260228T220000Z
                END:VEVENT
                """
            )
        );

        Assert.Equal([1, 3], Covers().Select(c => c.From.Day).Order());
    }

    [Theory]
    [InlineData("no calendar at all")]
    [InlineData(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:dora\nDTSTART:20260302T000000Z\nDTEND:20260303T000000Z\nEND:VEVENT\nEND:VCALENDAR"
    )]
    public async Task A_calendar_that_makes_no_sense_changes_nothing(string text)
    {
        using var answer = await _responder.Post("/api/oncall.ics", text, "text/calendar");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("covers", (await _responder.Says("/oncall")).Reply);
    }

    private IEnumerable<string> FirstPage(int incident) =>
        _responder.Desk.Log.Of(incident).Select(l => l.Entry).OfType<Entry.Paged>().First().To;
}
