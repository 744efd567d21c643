using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Akira.Cli.CommandLine;

/// <summary>The library's help, then the verb's examples: its own layout cannot be added to.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parsed)
    {
        help.MaxWidth = Screen.Width;
        var code = help.Invoke(parsed);
        if (parsed.CommandResult.Command is Verb { Examples: { Count: > 0 } examples })
        {
            var output = parsed.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }
        return code;
    }
}
