using System.Globalization;

namespace Akira.Lab.Tests;

public class NetworkTests
{
    private static readonly string[] Hosts =
    [
        "akira-sip-01-staging",
        "akira-db-01-staging",
        "akira-db-02-staging",
        "akira-mgmt-01-staging",
        "akira-sipp-01-staging",
    ];

    /// <summary>Counts what comes from the lab and leaves this machine by any other way than the lab's bridge.</summary>
    private const string Lookout = """
        table inet akira_lookout {
          chain out { type filter hook postrouting priority 300; oifname != { "br-akira", "lo" } ip saddr 10.77.0.0/24 counter; }
        }
        """;

    private const string Forwarding = "/proc/sys/net/ipv4/ip_forward";

    [Fact]
    public async Task No_host_knows_a_way_out()
    {
        foreach (var host in Hosts)
        {
            var routes = await Machine.Paste($"ssh {host} 'ip route get 198.51.100.1'");
            Assert.NotEqual(0, routes.ExitCode);
        }
    }

    [Fact]
    public async Task A_host_that_is_given_a_way_out_does_not_get_out()
    {
        var set = await Machine.Paste($"nft -f - <<'RULES'\n{Lookout}\nRULES");
        Assert.True(set.ExitCode == 0, set.Output);
        // On a machine that forwards, nothing but the lab's own rules stands in the way.
        var forwards = await File.ReadAllTextAsync(Forwarding);
        await File.WriteAllTextAsync(Forwarding, "1");
        var before = await Stopped();
        try
        {
            await Task.WhenAll(Hosts.Select(DoesNotGetOut));
            var counted = await Machine.Paste("nft list table inet akira_lookout");
            Assert.Contains("counter packets 0 ", counted.Output, StringComparison.Ordinal);
            // Each host has sent two echoes and at least one SYN, and all of them came as far as the rule.
            Assert.InRange(await Stopped() - before, 3 * Hosts.Length, int.MaxValue);
        }
        finally
        {
            await File.WriteAllTextAsync(Forwarding, forwards);
            await Machine.Paste("nft delete table inet akira_lookout");
        }
    }

    private static async Task DoesNotGetOut(string host)
    {
        var attempt = await Machine.Paste(
            $"""
            ssh {host} '
              ip route add default via 10.77.0.1
              ping -q -c 2 -i 0.2 -W 1 198.51.100.1; ping=$?
              timeout 2 bash -c "exec 3<>/dev/tcp/198.51.100.1/443"; tcp=$?
              ip route del default
              [ $ping != 0 ] && [ $tcp != 0 ]
            '
            """
        );
        Assert.True(attempt.ExitCode == 0, $"{host} got out:\n{attempt.Output}");
    }

    private static async Task<int> Stopped()
    {
        var counter = await Machine.Paste(
            "nft -j list counter inet akira_lab stopped | jq '.nftables[1].counter.packets'"
        );
        return int.Parse(counter.Output, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task What_this_machine_would_forward_for_the_lab_is_dropped()
    {
        var rules = await Machine.Paste("nft list table inet akira_lab");
        Assert.Contains("hook forward", rules.Output, StringComparison.Ordinal);
        Assert.Contains("iifname \"br-akira\" oifname != \"br-akira\"", rules.Output, StringComparison.Ordinal);
        Assert.Contains("oifname \"br-akira\" iifname != \"br-akira\"", rules.Output, StringComparison.Ordinal);
    }
}
