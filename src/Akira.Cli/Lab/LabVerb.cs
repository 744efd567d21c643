using System.CommandLine;
using System.Diagnostics;
using Akira.Cli.CommandLine;
using Akira.Cli.Server;

namespace Akira.Cli.Lab;

/// <summary>The real platform on this machine. The scripts of <c>lab/</c> do the work; they speak on standard error.</summary>
internal sealed class LabVerb : Verb
{
    public LabVerb()
        : base(
            "lab",
            "The real voice platform, on this machine",
            "akira lab up",
            "akira lab break kamailio-stop",
            "akira lab down"
        )
    {
        Add(new LabPart("up", "Build what is missing, boot the hosts, place a call", "akira lab up"));
        Add(new LabStatusVerb());
        Add(new LabPart("faults", "What can be broken, and how it should show", "akira lab faults"));
        Add(
            new LabPart("break", "Cause a fault", "akira lab break kamailio-stop", "akira lab break sip-loss")
            {
                new Argument<string>("FAULT") { Description = "One of: akira lab faults" },
            }
        );
        Add(
            new LabPart("heal", "Repair a fault, or all", "akira lab heal", "akira lab heal sip-loss")
            {
                new Argument<string?>("FAULT")
                {
                    Description = "One that is broken; without it, all",
                    Arity = ArgumentArity.ZeroOrOne,
                },
            }
        );
        Add(
            new LabPart("traffic", "Background calls a second", "akira lab traffic 5", "akira lab traffic 0")
            {
                new Argument<string>("RATE") { Description = "Calls a second; 0 stops them" },
            }
        );
        Add(new LabPart("down", "Stop it, and leave nothing behind", "akira lab down"));
    }

    /// <returns>One of <see cref="Exit"/>.</returns>
    public static async Task<int> Run(string verb, IEnumerable<string> words)
    {
        if (Folders.Clone is not { } clone || !File.Exists(Path.Combine(clone, "lab", "lab")))
        {
            Screen.Complain("The lab is in the source: run ./akira lab in a clone.");
            return Exit.Unavailable;
        }
        using var lab = Process.Start(new ProcessStartInfo(Path.Combine(clone, "lab", "lab"), [verb, .. words]))!;
        // Ctrl-C reaches the script as it reaches us; what it is doing comes to an end first.
        await lab.WaitForExitAsync(CancellationToken.None);
        return lab.ExitCode;
    }
}

/// <summary>A verb of the lab that hands its words on.</summary>
internal sealed class LabPart : Verb
{
    public LabPart(string name, string description, params string[] examples)
        : base(name, description, examples) =>
        SetAction(
            (parsed, _) =>
                LabVerb.Run(name, parsed.CommandResult.Children.SelectMany(c => c.Tokens).Select(t => t.Value))
        );
}

internal sealed class LabStatusVerb : Verb
{
    public LabStatusVerb()
        : base("status", "What runs, and what is broken", "akira lab status", "akira lab status --json")
    {
        var json = JsonOption();
        Add(json);
        SetAction((parsed, _) => LabVerb.Run("status", parsed.GetValue(json) ? ["--json"] : []));
    }
}
