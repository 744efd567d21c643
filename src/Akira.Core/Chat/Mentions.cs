using System.Text.RegularExpressions;
using Akira.Core.Runbooks;

namespace Akira.Core.Chat;

/// <summary>What people's words say about the platform.</summary>
public static partial class Mentions
{
    /// <summary>
    /// The subsystem that words name, by a service or by its own name: «kamailio is down» is signaling, «CDR backlog»
    /// the CDR pipeline. <see cref="Policy.Unclassified"/> when they name none, or more than one.
    /// </summary>
    public static string SubsystemIn(string words, Policy policy)
    {
        var tokens = Token().Matches(words).Select(m => m.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = policy
            .Platform.Services.Where(s => tokens.Contains(s.Name))
            .Select(s => policy.SubsystemNamed(s.Subsystem))
            .Concat(policy.Subsystems.Where(s => tokens.Contains(FirstWord(s)) || tokens.Contains(FirstWord(s) + "s")))
            .Distinct()
            .Take(2)
            .ToList();
        return named is [var one] ? one : Policy.Unclassified;
    }

    private static string FirstWord(string subsystem) => subsystem.Split(' ', '-')[0];

    [GeneratedRegex(@"[\p{L}\p{N}_]+(?:[-.][\p{L}\p{N}_]+)*")]
    private static partial Regex Token();
}
