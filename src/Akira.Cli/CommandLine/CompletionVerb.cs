using System.CommandLine;

namespace Akira.Cli.CommandLine;

/// <summary>Shell completion. The scripts ask <c>akira "[suggest:POSITION]" LINE</c> at each tab.</summary>
internal sealed class CompletionVerb : Verb
{
    private const string Bash = """
        # akira completion bash >> ~/.bashrc
        _akira() {
          local line="akira ${COMP_LINE#* }"
          local moved=$(( ${#line} - ${#COMP_LINE} ))
          mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" "[suggest:$((COMP_POINT + moved))]" "$line" 2>/dev/null)
        }
        complete -o default -F _akira akira ./akira
        """;

    private const string Zsh = """
        # akira completion zsh >> ~/.zshrc   (after compinit)
        _akira() {
          local line="akira ${BUFFER#* }"
          local moved=$(( ${#line} - ${#BUFFER} ))
          local -a found
          found=("${(@f)$(${words[1]} "[suggest:$((CURSOR + moved))]" "$line" 2>/dev/null)}")
          [[ -n $found ]] && compadd -- $found || _files
        }
        compdef _akira akira ./akira
        """;

    private const string Fish = """
        # akira completion fish > ~/.config/fish/completions/akira.fish
        function __akira_suggest
            set -l words (commandline -opc)
            set -l line "akira "(string join ' ' -- $words[2..] (commandline -ct))
            $words[1] "[suggest:"(string length -- $line)"]" $line 2>/dev/null
        end
        complete -c akira -a '(__akira_suggest)'
        """;

    public CompletionVerb()
        : base("completion", "Print the completion script of your shell", "akira completion bash >> ~/.bashrc")
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish", HelpName = "SHELL" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Add(shell);
        SetAction(parsed =>
            Screen.Say(
                parsed.GetRequiredValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    _ => Fish,
                }
            )
        );
    }
}
