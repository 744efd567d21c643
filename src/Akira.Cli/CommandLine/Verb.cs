using System.CommandLine;

namespace Akira.Cli.CommandLine;

/// <summary>A command with the lines that show its use; see <see cref="HelpWithExamples"/>.</summary>
internal abstract class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;

    protected static Option<bool> JsonOption() => new("--json") { Description = "Print JSON for other programs" };

    /// <summary>An option that takes one word, and null when it is not given.</summary>
    protected static Option<string?> TextOption(string name, string placeholder, string description) =>
        new(name) { Description = description, HelpName = placeholder };

    protected static Argument<string> IncidentArgument() => new("ID") { Description = "The incident: INC-7, or 7" };
}
