using System.Globalization;
using System.Text;
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

    /// <summary>
    /// A bash that waits on its standard input for one script, with everything started that the script needs: it ends as one
    /// given by <see cref="Wrap"/> does. Whatever the log-in shell is, it has only to start this.
    /// </summary>
    public static readonly string Waiting =
        // The lines: nobody but the log-in shell reads .bashrc; the far time-out, which learns its seconds over a pipe; the script,
        // which does not begin unless all of it has come, and whose own line numbers hold; what it left in the background.
        """
            exec bash --norc -c 'unset TMOUT; exec 3<&0 4<> <(:) </dev/null;
            { exec 3<&-; read -r t <&4; read -r -t "$t" <&4; trap "" TERM; kill -TERM 0; read -r -t 2 <&4; kill -KILL 0; } >/dev/null 2>&1 & disown;
            ( { read -r t && IFS= read -r -d "" s; } <&3 || exit 1; echo "$t" >&4; printf "\npgid=%s\n" $$ >&2; exec 3<&- 4<&- 2>&1; export AKIRA_STEP=$$; eval "unset s t; $s" );
            s=$?; trap "" TERM; kill -TERM 0; exit $s'
            """.ReplaceLineEndings(" ");

    /// <summary>What a waiting shell takes: the limit, the script, and a zero, which no script has in it.</summary>
    public static byte[] Fed(string script, TimeSpan timeout) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Limit(timeout)}\n{script}\0"));

    public static string Wrap(string script, TimeSpan timeout) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"printf '\\npgid=%s\\n' $$ >&2; export AKIRA_STEP=$$; timeout --foreground -k 2 {Limit(timeout)} bash -c {Quoted(script)} </dev/null 2>&1; s=$?; trap '' TERM; kill -TERM -- -$$; exit $s"
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

    /// <summary>What to say of a session that ended by itself and in which no script was announced.</summary>
    public static string NotBegun(int? exitCode, string errors)
    {
        var code = exitCode?.ToString(CultureInfo.InvariantCulture) ?? "a signal";
        return $"what the host runs at a log-in ended with {code}, and did not begin the script: {Complaints(errors)}".TrimEnd(
            ':',
            ' '
        );
    }

    /// <summary>
    /// TERM, after two seconds KILL; exit code 0 once nobody of the group is left, within four seconds. Whoever left the group (<c>setsid</c>, a daemon)
    /// is not ended, since a step may have started a service: 2 says that somebody did.
    /// </summary>
    public static string End(int group) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"g={group}; i=0; kill -TERM -- -$g 2>/dev/null; while kill -0 -- -$g 2>/dev/null; do i=$((i+1)); [ $i -eq 20 ] && kill -KILL -- -$g; [ $i -ge 40 ] && exit 1; sleep 0.1; done; grep -qlxzF AKIRA_STEP=$g /proc/[0-9]*/environ 2>/dev/null && exit 2; exit 0"
        );

    /// <summary>How <see cref="End"/> ended, for the remark.</summary>
    /// <param name="exitCode">Null: it is not known.</param>
    public static string Gone(int? exitCode, int group) =>
        exitCode switch
        {
            0 => "",
            2 => "; what it put into the background as a group of its own still runs",
            _ => $"; process group {group} is not known to be gone",
        };

    private static string Quoted(string script) => $"'{script.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\n?^pgid=(?<group>\d{1,9})\r?\n", RegexOptions.Multiline)]
    private static partial Regex Announcement();
}
