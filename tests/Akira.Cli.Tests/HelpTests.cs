using System.Text;
using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

public class HelpTests
{
    private static readonly string[] Verbs =
    [
        "",
        "up",
        "demo",
        "demo break",
        "demo heal",
        "check",
        "doctor",
        "incidents",
        "incidents list",
        "incidents show",
        "incidents watch",
        "incidents postmortem",
        "incidents actions",
        "incidents times",
        "do",
        "ticket",
        "silences",
        "silences list",
        "silences set",
        "silences end",
        "deploy",
        "deploy record",
        "backend",
        "backend dispatcher",
        "frontend",
        "lab",
        "lab up",
        "lab status",
        "lab faults",
        "lab break",
        "lab heal",
        "lab traffic",
        "lab down",
        "drill",
        "test",
        "completion",
    ];

    [Fact]
    public async Task The_help_of_every_verb_is_as_approved()
    {
        var help = new StringBuilder();
        foreach (var verb in Verbs)
        {
            var run = await Enter([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            Assert.Equal(0, run.ExitCode);
            help.Append("$ akira ")
                .Append(verb)
                .AppendLine(verb == "" ? "--help" : " --help")
                .AppendLine(run.Output.TrimEnd());
            help.AppendLine();
        }
        Approval.Check("help.txt", help.ToString());
    }

    [Fact]
    public async Task Every_verb_shows_an_example_and_fits_a_terminal_of_80_columns()
    {
        foreach (var verb in Verbs.Where(v => v != ""))
        {
            var run = await Enter([.. verb.Split(' '), "--help"]);
            Assert.Contains("\nExamples:\n  akira " + verb, run.Output);
            Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        }
    }

    [Fact]
    public async Task The_bare_command_shows_what_there_is_and_counts_as_misuse()
    {
        var run = await Enter();
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("akira demo", run.Output);
    }
}
