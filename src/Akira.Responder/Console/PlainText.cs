using System.Text.RegularExpressions;

namespace Akira.Responder.Console;

/// <summary>What machines print, made fit to be looked at in a page.</summary>
public static partial class PlainText
{
    /// <summary>Without terminal escapes and other controls; line ends and tabs stay.</summary>
    public static string Of(string output) => Controls().Replace(Escapes().Replace(output, ""), "");

    [GeneratedRegex(@"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"[\p{Cc}-[\n\t]]")]
    private static partial Regex Controls();
}
