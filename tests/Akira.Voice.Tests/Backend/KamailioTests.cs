using Akira.Voice.Backend.Kamailio;
using Akira.Voice.Management;

namespace Akira.Voice.Tests.Backend;

public class KamailioTests
{
    private static readonly Trunk[] Trunks =
    [
        new("carrier-1", "One", "10.77.0.61"),
        new("carrier-2", "Two", "sip.example.org", 5080, "tcp"),
        new("carrier-3", "Three", "2001:db8::1", 5061, "tls"),
        new("carrier-4", "Off", "10.77.0.64", Enabled: false),
    ];

    [Fact]
    public void Each_route_is_a_set_of_its_number_with_the_trunks_that_are_on()
    {
        var lists = ListText.Of(
            Trunks,
            [new("1", "", ["carrier-1", "carrier-4"]), new("12", "39", ["carrier-2", "carrier-3"])]
        );
        Assert.Equal(
            [
                "1 sip:10.77.0.61:5060 0 0 duid=carrier-1",
                "12 sip:sip.example.org:5080;transport=tcp 0 0 duid=carrier-2",
                "12 sip:[2001:db8::1]:5061;transport=tls 0 0 duid=carrier-3",
            ],
            lists.Dispatcher.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#')
        );
    }

    [Fact]
    public void A_prefix_lists_its_set_and_those_it_overflows_to_in_order()
    {
        var lists = ListText.Of(
            Trunks,
            [new("1", "44", ["carrier-1"]), new("2", "39", ["carrier-1"], "3"), new("3", "393", ["carrier-2"], "1")]
        );
        Assert.Equal(
            ["tprefix(string) tvalue(string)", "39:2,3,1", "393:3,1", "44:1"],
            lists.Prefixes.Trim().Split('\n')
        );
    }

    [Fact]
    public void A_route_for_every_number_stands_under_each_digit_that_has_none_of_its_own()
    {
        var lists = ListText.Of(Trunks, [new("1", "", ["carrier-1"]), new("2", "3", ["carrier-2"])]);
        var lines = lists.Prefixes.Trim().Split('\n')[1..];
        Assert.Equal(10, lines.Length);
        Assert.Contains("3:2", lines);
        Assert.Contains("0:1", lines);
    }
}
