namespace Akira.Lab.Tests;

public class FaultTests
{
    /// <summary>A look from outside that ends well on a healthy platform, and does not while the fault is there.</summary>
    private static readonly Dictionary<string, string> Looks = new()
    {
        ["kamailio-stop"] = Smoke,
        ["kamailio-freeze"] = Smoke,
        ["sip-loss"] = "ssh akira-sip-01-staging '! nft list table inet akira_fault'",
        ["pdd-slow"] = $"out=$({Smoke}) && [ $(sed 's/.*delay \\([0-9]*\\) ms.*/\\1/' <<<\"$out\") -lt 5000 ]",
        ["trunk-503"] = $"{Smoke} && {Smoke} && {Smoke}",
        ["customer-misdials"] = "ssh akira-sipp-01-staging '[ ! -e /run/misdials-53 ]'",
        ["db-kill"] = Database,
        ["db-freeze"] = Database,
        ["disk-full"] = Database,
        ["host-down"] = "ssh akira-db-02-staging 'ping -q -c 1 -W 1 10.77.0.21'",
        ["replication-stop"] =
            "ssh akira-db-02-staging 'sudo -u postgres psql -qAtc \"SELECT pg_get_wal_replay_pause_state()\"' | grep -x 'not paused'",
        ["worker-stop"] = Consumed,
        ["worker-poison"] = NoDeadLetter,
        ["cdr-loss"] = Kept,
        ["records-deleted"] = Complete,
        ["nats-stop"] = "ssh akira-mgmt-01-staging 'nats stream info AKIRA_CDR'",
        ["backend-stop"] = "curl -fsS -m 3 http://10.77.0.31:8080/healthz",
        ["bad-deploy"] = "curl -fsS -m 3 http://10.77.0.31:8080/healthz",
        ["frontend-stop"] = Page,
        ["caddy-stop"] = Page,
        ["cert-expired"] = Page,
        ["vault-sealed"] = "curl -fsS -m 3 http://10.77.0.31:8200/v1/sys/health",
    };

    private const string Smoke =
        "ssh akira-sipp-01-staging 'cd /opt/akira/sipp && ./run_scenario.sh smoke_e2e_single.xml smoke_target.csv'";
    private const string Database =
        "timeout 5 ssh akira-db-01-staging 'timeout 3 sudo -u postgres psql -d akira -c \"SELECT now();\"'";
    private const string Consumed =
        "ssh akira-mgmt-01-staging 'for _ in 1 2 3; do nats --json consumer info AKIRA_CDR cdr_worker | jq -e \".num_pending + .num_ack_pending == 0\" && exit; sleep 2; done; exit 1'";
    private const string NoDeadLetter =
        "timeout 5 ssh akira-db-01-staging 'sudo -u postgres psql -qAtd akira -c \"SELECT count(*) FROM cdr_dead_letter\"' | grep -x 0";
    private const string Kept =
        "ssh akira-mgmt-01-staging 'nats --json stream info AKIRA_CDR | jq -e \".config.max_age == 604800000000000\"'";
    private const string Complete =
        "ssh akira-mgmt-01-staging 'docker exec akira-cdr-worker akira cdr replay --since 1h' | grep 'would add 0 records'";
    private const string Page = "curl -fsS -m 3 -I https://mgmt.akira-staging.asheep.it/healthz";

    public static TheoryData<string> Faults => [.. Looks.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    [Trait("Takes", "long")]
    public async Task A_fault_shows_and_is_gone_when_healed(string fault)
    {
        await Sees(fault, well: true);

        var broken = await Machine.Lab("break", fault);
        Assert.True(broken.ExitCode == 0, broken.Output);
        var status = Assert.Single((await RunningLab.Status()).GetProperty("broken").EnumerateArray());
        Assert.Equal(fault, status.GetProperty("fault").GetString());
        await Sees(fault, well: false);

        var healed = await Machine.Lab("heal");
        Assert.True(healed.ExitCode == 0, healed.Output);
        Assert.Empty((await RunningLab.Status()).GetProperty("broken").EnumerateArray());
        await Sees(fault, well: true);
    }

    [Fact]
    public async Task Every_fault_that_can_be_caused_is_looked_at()
    {
        var faults = await Machine.Lab("faults");
        Assert.Equal(
            Looks.Keys.Order(StringComparer.Ordinal),
            faults
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l.Split(' ')[0])
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_word_that_is_no_fault_is_answered_with_those_that_are()
    {
        var answer = await Machine.Lab("break", "../lib/verbs");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("kamailio-stop", answer.Output, StringComparison.Ordinal);
    }

    /// <summary>Within half a minute: what was healed may have to start first, and what is broken to be noticed.</summary>
    private static async Task Sees(string fault, bool well)
    {
        Machine.Ran look;
        var left = 30;
        do look = await Machine.Paste(Looks[fault]);
        while ((look.ExitCode == 0) != well && left-- > 0 && await Soon());
        Assert.True((look.ExitCode == 0) == well, $"{fault}: exit code {look.ExitCode}\n{look.Output}");
    }

    private static async Task<bool> Soon()
    {
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        return true;
    }
}
