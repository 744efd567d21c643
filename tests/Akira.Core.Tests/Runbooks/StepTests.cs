using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Runbooks;

public sealed class StepTests
{
    [Fact]
    public void What_is_quoted_after_ssh_goes_to_that_host_and_the_rest_runs_here()
    {
        var step = Step(
            "sh",
            "curl -I https://a.example\nuptime\nssh root@akira-sip-01-staging '\nsystemctl status kamailio\n'\ndf"
        );
        Assert.Equal(
            [
                new StepPart(null, null, "curl -I https://a.example\nuptime"),
                new StepPart("akira-sip-01-staging", "root", "systemctl status kamailio"),
                new StepPart(null, null, "df"),
            ],
            step.Parts
        );
        Assert.Equal(["akira-sip-01-staging"], step.Hosts);
    }

    [Theory]
    [InlineData("ssh akira-sip-01-staging 'uptime'", null, "uptime")]
    [InlineData("ssh root@akira-sip-01-staging uptime", "root", "uptime")]
    [InlineData("  ssh root@akira-sip-01-staging \"uptime\"  # how long", "root", "uptime")]
    [InlineData("ssh root@akira-sip-01-staging grep -c 'a b' /x", "root", "grep -c a b /x")]
    [InlineData("ssh root@akira-sip-01-staging 'echo '\\''a  b'\\'' \"c\"'", "root", "echo 'a  b' \"c\"")]
    [InlineData("ssh root@akira-sip-01-staging \"echo \\\"a\\\" 'b' \\$HOME\"", "root", "echo \"a\" 'b' $HOME")]
    [InlineData("ssh root@akira-sip-01-staging 'echo $HOME | cat > /x; df'", "root", "echo $HOME | cat > /x; df")]
    [InlineData("ssh root@akira-sip-01-staging 'a\n  b'", "root", "a\n  b")]
    [InlineData("ssh \\\n root@akira-sip-01-staging 'uptime'", "root", "uptime")]
    public void Quotes_are_read_as_the_shell_reads_them(string script, string? user, string inner) =>
        Assert.Equal([new StepPart("akira-sip-01-staging", user, inner)], Step("sh", script).Parts);

    [Theory]
    [InlineData("ssh root@akira-sip-01-staging 'uptime", 4, 31)]
    [InlineData("ssh root@akira-sip-01-staging 'uptime' | tail -1", 4, 40)]
    [InlineData("ssh root@akira-sip-01-staging 'uptime' || true", 4, 40)]
    [InlineData("ssh root@akira-sip-01-staging uptime; reboot", 4, 37)]
    [InlineData("ssh root@akira-sip-01-staging \"echo $HOME\"", 4, 37)]
    [InlineData("ssh root@akira-sip-01-staging echo *", 4, 36)]
    [InlineData("ssh root@$HOST 'uptime'", 4, 10)]
    [InlineData("ssh -p 22 root@akira-sip-01-staging 'uptime'", 4, 5)]
    [InlineData("ssh root@akira-sip-01-staging", 4, 1)]
    [InlineData("ssh root@akira-sip-01-staging ''", 4, 31)]
    [InlineData("ssh", 4, 1)]
    [InlineData("ssh 'root@akira-sip-01-staging x' 'uptime'", 4, 5)]
    [InlineData("uptime\nsudo ssh root@akira-sip-01-staging 'reboot'", 5, 6)]
    [InlineData("true && ssh root@akira-sip-01-staging 'reboot'", 4, 9)]
    [InlineData("uptime\ncat <<EOF\nssh root@x 'reboot'\nEOF", 5, 5)]
    [InlineData("echo \"$(ssh root@akira-sip-01-staging reboot)\"", 4, 9)]
    [InlineData("/usr/bin/ssh root@akira-sip-01-staging 'reboot'", 4, 1)]
    [InlineData("'ssh' root@akira-sip-01-staging 'reboot'", 4, 1)]
    [InlineData("A=b ssh root@akira-sip-01-staging 'reboot'", 4, 5)]
    [InlineData("cat hosts | xargs -n 1 ssh -n", 4, 24)]
    [InlineData("sshpass -p x ssh root@akira-sip-01-staging 'reboot'", 4, 14)]
    [InlineData("bash -c 'ssh root@akira-sip-01-staging reboot'", 4, 9)]
    [InlineData("ssh root@akira-sip-01-staging 'ssh root@akira-db-01-staging reboot'", 4, 32)]
    [InlineData("ssh root@akira-sip-01-staging '\nuptime\nsudo ssh akira-db-01-staging reboot\n'", 6, 6)]
    [InlineData("ssh root@akira-sip-01-staging 'bash -c \"ssh akira-db-01-staging reboot\"'", 4, 40)]
    [InlineData("for i in 1 2; do\nssh root@akira-sip-01-staging 'uptime'\ndone", 4, 1)]
    public void Where_the_target_is_not_certain_nothing_is_guessed(string script, int line, int column)
    {
        var reading = Shipped.WithStep("sh { name=x }", script);
        Assert.Null(reading.Policy);
        var finding = Assert.Single(reading.Findings);
        Assert.Equal(("AKR605", new Place("more.md", line, column)), (finding.Code, finding.Place));
    }

    [Theory]
    [InlineData("systemctl status ssh --no-pager")]
    [InlineData("sudo journalctl -u ssh --since '5 min ago'")]
    [InlineData("ssh akira-sip-01-staging 'timeout 5 systemctl status ssh ; grep ssh /var/log/auth.log'")]
    public void The_service_ssh_may_be_asked_about(string script) => Step("sh", script);

    [Theory]
    [InlineData("# More\n\n```sh\nuptime\nssh root@nowhere 'uptime'\n```\n", 5, 10)]
    [InlineData("# More\n\n1. Do\n\n   ```sh\n   ssh nowhere 'uptime'\n   ```\n", 6, 8)]
    [InlineData("# More\n\n> ```sh\n> uptime\n>   ssh  a@nowhere 'uptime'\n> ```\n", 5, 12)]
    [InlineData("# More\r\n\r\n```sh\r\nssh nowhere 'a\r\nb'\r\n```\r\n", 4, 5)]
    [InlineData("# More\u0085\f\u2028x\n\n```sh\nssh nowhere 'uptime'\n```\n", 4, 5)]
    public void An_unknown_host_is_found_where_it_is_named(string page, int line, int column) =>
        Assert.Equal(
            ("AKR609", new Place("more.md", line, column)),
            PolicyReader.Read(Shipped.Files.SetItem("more.md", page)).Findings.Select(f => (f.Code, f.Place)).Single()
        );

    [Theory]
    [InlineData("sh { name=read-it effect=read }", "systemctl restart x", "AKR608", 29)]
    [InlineData("sh {\"name\":\"read\", \"effect\" : \"read\"}", "systemctl restart x", "AKR608", 35)]
    [InlineData("sh { name=milder effect=mild }", "uptime", "AKR607", 28)]
    [InlineData("sh { name=x5 timeout=5 }", "uptime", "AKR203", 25)]
    [InlineData("sh { name=containers }", "uptime", "AKR603", 14)]
    [InlineData("sh { timout=5s name=timout }", "uptime", "AKR602", 9)]
    [InlineData("sh { name=x } effect=destructive", "uptime", "AKR601", 1)]
    [InlineData("sh name=x", "uptime", "AKR601", 1)]
    [InlineData("sh {\"name\":\"x\",\"name\":\"y\"}", "uptime", "AKR601", 1)]
    [InlineData("zsh { name=x effect=read }", "uptime", "AKR610", 1)]
    public void A_mistake_in_a_fence_is_found_at_its_column(string fence, string script, string code, int column)
    {
        var finding = Assert.Single(Shipped.WithStep(fence, script).Findings);
        Assert.Equal((code, new Place("more.md", 3, column)), (finding.Code, finding.Place));
    }

    [Fact]
    public void An_ssh_inside_the_quotes_of_a_local_command_is_that_commands_own() =>
        Assert.Equal(
            [new StepPart(null, null, "grep '\nssh root@x\n' /etc/motd")],
            Step("sh", "grep '\nssh root@x\n' /etc/motd").Parts
        );

    [Theory]
    [InlineData("sh { name=x effect=destructive timeout=2m }")]
    [InlineData("bash {name=x effect=destructive timeout=120s}")]
    [InlineData("sh {\"name\":\"x\",\"effect\":\"destructive\",\"timeout\":\"2 minutes\"}")]
    [InlineData(
        "shell { \"name\": \"x\", \"effect\": \"destructive\", \"timeout\": \"2m\", \"excludeFromRunAll\": true }"
    )]
    public void Attributes_are_read_in_both_of_Runmes_forms(string fence)
    {
        var step = Step(fence, "uptime");
        Assert.Equal(("x", Effect.Destructive, TimeSpan.FromMinutes(2)), (step.Name, step.Effect, step.Timeout));
    }

    [Fact]
    public void A_step_without_attributes_is_named_after_its_section_and_has_thirty_seconds()
    {
        var step = Step("sh", "uptime");
        Assert.Equal(("more-1", TimeSpan.FromSeconds(30), Effect.Read), (step.Name, step.Timeout, step.Effect));
    }

    [Fact]
    public void A_made_name_never_takes_one_that_somebody_chose()
    {
        var files = Shipped
            .Files.SetItem("a.md", "# Look\n```sh\nuptime\n```\n")
            .SetItem("b.md", "# Look\n```sh\ndf\n```\n")
            .SetItem("c.md", "# Other\n```sh { name=look-1 }\nfree\n```\n");
        var names = PolicyReader
            .Read(files)
            .Policy!.Runbooks.Where(r => r.Path is "a.md" or "b.md" or "c.md")
            .SelectMany(r => r.Sections)
            .SelectMany(s => s.Steps)
            .Select(s => s.Name);
        Assert.Equal(["a-look-1", "b-look-1", "look-1"], names);
    }

    [Fact]
    public void What_stands_after_Recover_is_recovery_until_it_is_validated()
    {
        const string page =
            "# Down\n```sh\nuptime\n```\nRecover:\n\n```sh\nsystemctl restart x\n```\n\nValidate with this.\n```sh\ndf\n```\n";
        var steps = PolicyReader
            .Read(Shipped.Files.SetItem("down.md", page))
            .Policy!.Runbooks.Single(r => r.Path == "down.md")
            .Sections[0]
            .Steps;
        Assert.Equal([false, true, false], steps.Select(s => s.IsRecovery));
    }

    [Fact]
    public void The_text_after_a_step_is_what_it_should_print()
    {
        var step = Shipped.Policy.Step("promotion-check")!;
        Assert.Equal(("f", Effect.Read), (step.Expect, step.Effect));
    }

    [Fact]
    public void A_step_is_found_inside_a_list()
    {
        const string page = "# Do\n1. First:\n\n   ```sh { name=in-a-list }\n   uptime\n   df\n   ```\n";
        Assert.Equal(
            "uptime\ndf",
            PolicyReader.Read(Shipped.Files.SetItem("do.md", page)).Policy!.Step("in-a-list")!.Script
        );
    }

    private static Step Step(string fence, string script)
    {
        var reading = Shipped.WithStep(fence, script);
        Assert.DoesNotContain(reading.Findings, f => f.IsError);
        return reading.Policy!.Runbooks.Single(r => r.Path == "more.md").Sections[0].Steps.Single();
    }
}
