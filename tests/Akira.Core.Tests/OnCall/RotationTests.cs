using System.Collections.Immutable;
using Akira.Core.OnCall;
using Akira.Core.Runbooks;
using CsCheck;

namespace Akira.Core.Tests.OnCall;

public class RotationTests
{
    private static readonly ImmutableArray<TimeZoneInfo> Zones =
    [
        .. new[]
        {
            "Europe/Rome",
            "America/New_York",
            "Australia/Lord_Howe", // changes by half an hour
            "Asia/Kathmandu",
            "Pacific/Apia", // left out a whole day in 2011
            "UTC",
        }.Select(TimeZoneInfo.FindSystemTimeZoneById),
    ];

    /// <summary>Two at least, and somebody may stand there twice.</summary>
    private static readonly Gen<ImmutableArray<string>> People = Gen.Int[1, 6]
        .Select(i => $"p{i}")
        .Array[2, 6]
        .Where(p => p.Distinct().Count() > 1)
        .Select(p => p.ToImmutableArray());

    private static readonly Gen<Rotation> Rotations = Gen.Select(
        People,
        Gen.Int[0, 3].Select(i => new[] { 1, 2, 7, 14 }[i]),
        Gen.Int[0, 24 * 60 - 1],
        Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]),
        Gen.Int[0, 20_000],
        (people, every, minute, zone, day) =>
            new Rotation(
                people,
                every,
                TimeOnly.MinValue.AddMinutes(minute),
                zone,
                new DateOnly(2000, 1, 1).AddDays(day)
            )
    );

    private static readonly Gen<DateTimeOffset> Instants = Gen.Long[0, 60L * 365 * 24 * 3600]
        .Select(s => new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(s));

    [Fact]
    public void At_every_instant_there_is_exactly_one_primary_and_shifts_leave_no_gap() =>
        Gen.Select(Rotations, Instants)
            .Sample(
                (rotation, now) =>
                {
                    var shift = rotation.ShiftAt(now);
                    var next = rotation.ShiftAt(shift.Until);
                    var last = rotation.ShiftAt(shift.Until.AddTicks(-1));
                    return shift.From <= now
                        && now < shift.Until
                        && last == shift
                        && next.From == shift.Until
                        && (next.Primary == shift.Secondary || next.Primary == shift.Primary)
                        && shift.Primary != shift.Secondary;
                }
            );

    [Fact]
    public void Somebody_may_be_secondary_in_anothers_place_but_not_beside_being_primary()
    {
        var now = new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
        var platform = Platform.Empty with
        {
            OnCall = [new("anna", "", "", "primary"), new("bruno", "", "", "secondary"), new("carla", "", "", "lead")],
        };
        Cover As(string role, string name) => new(name, now, now.AddHours(8), "anna", Role: role);

        var covered = platform.OnDuty(now, [As("secondary", "carla")]);
        var both = platform.OnDuty(now, [As("secondary", "carla"), As("primary", "carla")]);

        Assert.Equal(
            ("anna", "carla"),
            (covered.Named("primary").Single().Name, covered.Named("secondary").Single().Name)
        );
        Assert.Equal(["carla"], covered.Named("lead").Select(p => p.Name));
        Assert.Equal(("carla", "bruno"), (both.Named("primary").Single().Name, both.Named("secondary").Single().Name));
    }

    [Fact]
    public void With_people_covering_at_any_times_there_is_still_exactly_one_primary_and_one_secondary() =>
        Gen.Select(Rotations, Instants, Gen.Select(Gen.Int[1, 6], Gen.Int[-200, 200], Gen.Int[1, 400]).List[0, 8])
            .Sample(
                (rotation, now, covers) =>
                {
                    var platform = Platform.Empty with
                    {
                        OnCall = [.. rotation.People.Distinct().Select(p => new Person(p, "", "", "rotation"))],
                        Rotation = rotation,
                    };
                    var on = platform.OnDuty(
                        now,
                        [
                            .. covers.Select(c => new Cover(
                                $"p{c.Item1}",
                                now.AddHours(c.Item2),
                                now.AddHours(c.Item2 + c.Item3),
                                "test",
                                Role: c.Item3 % 3 == 0 ? "secondary" : "primary"
                            )),
                        ]
                    );
                    return on.Named("primary").Length == 1 && on.Named("secondary").Length == 1;
                }
            );

    [Fact]
    public void Whatever_was_said_a_page_at_any_instant_reaches_the_one_whose_shift_it_is_and_each_role_that_there_is() =>
        Gen.Select(
                Rotations,
                Gen.Bool,
                Instants,
                Gen.Select(Gen.Int[1, 7], Gen.Int[-400, 2000], Gen.Int[1, 400]).List[0, 12],
                Gen.Int[0, 60 * 24 * 3600]
            )
            .Sample(
                (rotation, rotates, now, covers, later) =>
                {
                    var roles = rotates ? new[] { "rotation", "rotation" } : ["primary", "secondary"];
                    var platform = Platform.Empty with
                    {
                        OnCall =
                        [
                            .. rotation
                                .People.Distinct()
                                .Select((p, i) => new Person(p, "", "", roles.ElementAtOrDefault(i) ?? "engineer")),
                            new Person("p7", "", "", "lead"),
                        ],
                        Rotation = rotates ? rotation : null,
                    };
                    ImmutableArray<Cover> said =
                    [
                        .. covers.Select(c => new Cover(
                            $"p{c.Item1}",
                            now.AddHours(c.Item2),
                            now.AddHours(c.Item2 + c.Item3),
                            "test",
                            Role: c.Item3 % 3 == 0 ? "secondary" : "primary"
                        )),
                    ];
                    var shifts = platform.Shifts(said, now, TimeSpan.FromDays(60)).ToList();
                    var at = now.AddSeconds(later);
                    // The very instants of a handover are where a page could fall between two.
                    foreach (
                        var instant in shifts.Select(s => s.From).Append(at).Where(i => i >= now && i < now.AddDays(60))
                    )
                    {
                        var on = platform.OnDuty(instant, said);
                        var shift = Assert.Single(shifts, s => s.From <= instant && instant < s.Until);
                        Assert.Equal(shift.Primary, Assert.Single(on.Named("primary")).Name);
                        Assert.Equal(shift.Secondary, Assert.Single(on.Named("secondary")).Name);
                        Assert.Equal("p7", Assert.Single(on.Named("lead")).Name);
                    }
                    Assert.True(shifts[0].From <= now && now < shifts[0].Until);
                    Assert.All(shifts.Zip(shifts.Skip(1)), s => Assert.Equal(s.First.Until, s.Second.From));
                }
            );

    [Fact]
    public void Who_covers_keeps_the_other_roles_and_who_is_covered_for_is_in_no_rotation_where_there_is_none()
    {
        var platform = Platform.Empty with
        {
            OnCall =
            [
                new("anna", "", "", "primary"),
                new("bruno", "", "", "secondary"),
                new("Massimo", "", "", "lead"),
            ],
        };
        var now = Utc(2026, 1, 1, 0, 0);

        var on = platform.OnDuty(now, [new Cover("massimo", now, now.AddHours(8), "anna")]);

        Assert.Equal(["replaced", "secondary", "primary, lead"], on.OnCall.Select(p => p.Role));
        Assert.Equal("Massimo", on.Named("lead").Single().Name);
    }

    [Fact]
    public void The_shift_that_holds_now_says_when_it_began_whenever_it_is_asked()
    {
        var platform = Platform.Empty with
        {
            OnCall = [new("anna", "", "", "primary"), new("bruno", "", "", "secondary")],
        };
        var begin = Utc(2026, 1, 5, 0, 0);
        ImmutableArray<Cover> covers = [new("bruno", begin, begin.AddHours(8), "anna")];

        Shift At(int hour) => platform.Shifts(covers, begin.AddHours(hour), TimeSpan.FromDays(7)).First();

        Assert.Equal((begin, "bruno"), (At(2).From, At(2).Primary));
        Assert.Equal((begin.AddHours(8), "anna"), (At(9).From, At(9).Primary));
        Assert.Equal(At(-9).From, At(-5).From);
    }

    [Fact]
    public void A_handover_in_the_hour_that_the_clocks_leave_out_is_when_they_jump()
    {
        var rotation = Rome(1, new TimeOnly(2, 30));

        // Rome, 29 March 2026: at 02:00 it is 03:00, which is 01:00 UTC.
        Assert.Equal(Utc(2026, 3, 29, 1, 0), rotation.ShiftAt(Utc(2026, 3, 29, 12, 0)).From);
        Assert.Equal(Utc(2026, 3, 28, 1, 30), rotation.ShiftAt(Utc(2026, 3, 28, 12, 0)).From);
    }

    [Fact]
    public void A_handover_in_the_hour_that_comes_twice_happens_once_and_the_first_time()
    {
        var rotation = Rome(1, new TimeOnly(2, 30));

        // Rome, 25 October 2026: at 03:00 it is 02:00 again; the first 02:30 is 00:30 UTC, the second 01:30 UTC.
        var shift = rotation.ShiftAt(Utc(2026, 10, 25, 1, 30));
        Assert.Equal(Utc(2026, 10, 25, 0, 30), shift.From);
        Assert.Equal(Utc(2026, 10, 26, 1, 30), shift.Until);
    }

    [Fact]
    public void A_leap_day_is_a_day_like_others()
    {
        var rotation = Rome(1, new TimeOnly(9, 0)) with { First = new DateOnly(2028, 2, 28) };

        Assert.Equal(
            ["anna", "bruno", "carla", "anna"],
            Enumerable.Range(0, 4).Select(d => rotation.ShiftAt(Utc(2028, 2, 28, 12, 0).AddDays(d)).Primary)
        );
    }

    [Fact]
    public void A_week_of_duty_is_an_hour_shorter_when_the_clocks_go_forward()
    {
        var rotation = Rome(7, new TimeOnly(9, 0)) with { First = new DateOnly(2026, 3, 23) };
        var shift = rotation.ShiftAt(Utc(2026, 3, 25, 0, 0));

        Assert.Equal(TimeSpan.FromHours(7 * 24 - 1), shift.Until - shift.From);
    }

    [Fact]
    public void Who_covers_is_primary_and_the_one_who_would_be_comes_next_when_the_two_change_places()
    {
        var platform = Platform.Empty with
        {
            OnCall = [new("anna", "", "", "primary"), new("bruno", "", "", "secondary")],
        };
        var now = Utc(2026, 1, 1, 0, 0);

        var on = platform.OnDuty(now, [new Cover("bruno", now, now.AddHours(8), "anna")]);
        var after = platform.OnDuty(now.AddHours(8), [new Cover("bruno", now, now.AddHours(8), "anna")]);

        Assert.Equal(("bruno", "anna"), (on.Named("primary").Single().Name, on.Named("secondary").Single().Name));
        Assert.Equal("anna", after.Named("primary").Single().Name);
    }

    [Fact]
    public void A_cover_for_oneself_parts_no_shift()
    {
        var platform = Platform.Empty with
        {
            OnCall =
            [
                new("anna", "", "", "engineer"),
                new("bruno", "", "", "engineer"),
                new("carla", "", "", "engineer"),
            ],
            Rotation = Rome(7, new TimeOnly(9, 0)),
        };
        var now = Utc(2026, 1, 6, 0, 0);

        var shifts = platform.Shifts([new Cover("anna", now, now.AddHours(8), "anna")], now, TimeSpan.FromDays(10));

        Assert.Equal(["anna", "bruno"], shifts.Select(s => s.Primary));
    }

    private static Rotation Rome(int every, TimeOnly at) =>
        new(["anna", "bruno", "carla"], every, at, Zones[0], new DateOnly(2026, 1, 5));

    private static DateTimeOffset Utc(int year, int month, int day, int hour, int minute) =>
        new(year, month, day, hour, minute, 0, TimeSpan.Zero);
}
