using System.Globalization;
using System.Text.RegularExpressions;

namespace Akira.Responder.Steps.Ssh;

/// <summary>
/// What is sent to the far shell. sshd starts every command in a process group of its own; the wrapper says which, so
/// that all of it can be ended over another session, ends it over there when nobody else does, and takes along what the
/// script left in the background, which would hold the session open.
/// </summary>
internal static partial class RemoteScript
{
    /// <summary>How long after the responder's own time-out the host ends the script by itself.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    public static string Wrap(string script, TimeSpan timeout) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"echo pgid=$$ >&2; timeout --foreground -k 2 {Limit(timeout)} bash -c {Quoted(script)} </dev/null 2>&1; s=$?; trap '' TERM; kill -TERM -- -$$; exit $s"
        );

    /// <summary>For how many seconds a script may outlive everybody who watches it.</summary>
    public static int Limit(TimeSpan timeout) => (int)Math.Ceiling((timeout + Slack).TotalSeconds);

    /// <summary>The process group, from what came on standard error; null when the script never began.</summary>
    public static int? Group(string errors) =>
        Announcement().Match(errors) is { Success: true } match
            ? int.Parse(match.Groups["group"].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    /// <summary>Standard error without the announcement: what the far shell itself had to say.</summary>
    public static string Complaints(string errors) => Announcement().Replace(errors, "").Trim();

    /// <summary>TERM, after two seconds KILL; exit code 0 once nobody of the group is left, within four seconds.</summary>
    public static string End(int group) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"g={group}; i=0; kill -TERM -- -$g 2>/dev/null; while kill -0 -- -$g 2>/dev/null; do i=$((i+1)); [ $i -eq 20 ] && kill -KILL -- -$g; [ $i -ge 40 ] && exit 1; sleep 0.1; done; exit 0"
        );

    private static string Quoted(string script) => $"'{script.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^pgid=(?<group>\d{1,9})\r?\n?", RegexOptions.Multiline)]
    private static partial Regex Announcement();
}
