using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Akira.Cli.Cdr;
using Akira.Cli.Deploys;
using Akira.Cli.Doctor;
using Akira.Cli.Drills;
using Akira.Cli.Incidents;
using Akira.Cli.Lab;
using Akira.Cli.Management;
using Akira.Cli.Runbooks;
using Akira.Cli.Server;
using Akira.Cli.Silences;
using Akira.Cli.Testing;

namespace Akira.Cli.CommandLine;

/// <summary>Everything that can be typed after <c>akira</c>.</summary>
internal static class Root
{
    public static RootCommand Command()
    {
        var root = new RootCommand(
            "Incident response for voice networks. The runbook is the program.\n" + "New here? Run: akira demo"
        )
        {
            new UpVerb(),
            new DemoVerb(),
            new CheckVerb(),
            new DoctorVerb(),
            new IncidentsVerb(),
            new DoVerb(),
            new TicketVerb(),
            new SilencesVerb(),
            new DeployVerb(),
            new CdrVerb(),
            new BackendVerb(),
            new FrontendVerb(),
            new LabVerb(),
            new DrillVerb(),
            new TestVerb(),
            new CompletionVerb(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        foreach (var windows in (string[])["/?", "/h"])
            help.Aliases.Remove(windows); // they would be offered at each tab
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>What a verb may take to end after Ctrl-C: a drill heals the lab first, a service finishes its batch.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <returns>One of <see cref="Exit"/>.</returns>
    public static async Task<int> Run(string[] args)
    {
        var parsed = Command().Parse(args);
        if (parsed.Action is ParseErrorAction)
            return Misread(parsed);
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Grace }
            );
        }
        catch (OperationCanceledException) // Ctrl-C is how a watch ends
        {
            return Exit.Ok;
        }
    }

    private static int Misread(ParseResult parsed)
    {
        if (parsed.Tokens.Count == 0)
        {
            Command().Parse("--help").Invoke();
            return Exit.Usage;
        }
        // A word that was not understood has other errors in its train, which say nothing more.
        if (parsed.UnmatchedTokens.FirstOrDefault() is { } word)
            Screen.Complain($"'{word}' means nothing here.");
        else
            foreach (var error in parsed.Errors)
                Screen.Complain(error.Message.TrimEnd('.') + ".");
        var path = new Stack<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as CommandResult)
            path.Push(at.Command.Name);
        Screen.Complain($"See: {string.Join(' ', path)} --help");
        return Exit.Usage;
    }
}
