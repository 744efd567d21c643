using Akira.Core.Incidents;
using Akira.Core.OnCall;
using Akira.Core.Runbooks;
using Akira.Core.Silences;
using Akira.Core.Tests.Incidents;
using Akira.Core.Tests.Runbooks;
using CsCheck;

namespace Akira.Core.Tests.Silences;

public class MaintenanceWindowTests
{
    private static readonly SilenceScope Database = new([], [Matcher.Equal("subsystem", "database")]);

    [Fact]
    public void A_window_of_the_table_is_open_on_its_day_in_its_own_zone()
    {
        var window = Read("| patching | database | every Tuesday at 03:00 Europe/Rome | 2 hours | new kernels |");

        Assert.Null(window.OpenAt(Utc(2026, 7, 7, 0, 59)));
        Assert.Equal(Utc(2026, 7, 7, 1, 0), window.OpenAt(Utc(2026, 7, 7, 1, 0))!.Value.From);
        Assert.Equal(Utc(2026, 7, 7, 3, 0), window.OpenAt(Utc(2026, 7, 7, 2, 59))!.Value.Until);
        Assert.Null(window.OpenAt(Utc(2026, 7, 7, 3, 0)));
        Assert.Null(window.OpenAt(Utc(2026, 7, 8, 1, 30)));
        Assert.NotNull(window.OpenAt(Utc(2026, 12, 8, 2, 0))); // winter: an hour later in UTC
    }

    [Fact]
    public void Where_the_clocks_are_put_forward_over_it_a_window_opens_as_they_jump()
    {
        var window = Read("| backup | database | every day at 02:30 Europe/Rome | 45 minutes | base backup |");

        Assert.Equal(Utc(2026, 3, 29, 1, 0), window.OpenAt(Utc(2026, 3, 29, 1, 10))!.Value.From);
    }

    [Fact]
    public void Each_day_it_opens_once_whoever_looks_and_whenever()
    {
        var policy = WithWindow(new(1, new TimeOnly(2, 0), TimeZoneInfo.Utc, new DateOnly(2026, 1, 5)));
        Gen.Int[0, 3 * 24 * 60]
            .Array[0, 200]
            .Sample(minutes =>
            {
                var silencing = Silencing.None;
                foreach (var now in minutes.Order().Select(m => Utc(2026, 3, 1, 0, 0).AddMinutes(m)))
                foreach (var entry in SilenceDecisions.Due(silencing, policy, now))
                    silencing = Silencing.Evolve(silencing, new(silencing.Seq + 1, now, Actor.Akira, entry));
                Assert.True(silencing.LastNumber <= 3);
                Assert.True(silencing.Standing.Count <= 1);
            });
    }

    private static Policy WithWindow(Recurrence when) =>
        Policies.Small with
        {
            Platform = Policies.Small.Platform with
            {
                Windows = [new("backup", Database, when, TimeSpan.FromMinutes(45), "base backup")],
            },
        };

    private static MaintenanceWindow Read(string row)
    {
        var table = $"""
            ## Maintenance windows

            | Window | Silences | When | Lasts | Why |
            | --- | --- | --- | --- | --- |
            {row}
            """;
        var files = Shipped.Files.SetItem("platform.md", Shipped.Files["platform.md"] + "\n" + table);
        return Assert.Single(PolicyReader.Read(files).Policy!.Platform.Windows);
    }

    private static DateTimeOffset Utc(int year, int month, int day, int hour, int minute) =>
        new(year, month, day, hour, minute, 0, TimeSpan.Zero);
}
