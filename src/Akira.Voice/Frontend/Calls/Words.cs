namespace Akira.Voice.Frontend.Calls;

/// <summary>The words of call records, as people say them. One that is not known is shown as it is.</summary>
internal static class Words
{
    public static string Outcome(string? outcome) =>
        outcome switch
        {
            null => "no outcome yet",
            "answered" => "answered",
            "busy" => "busy",
            "ringNoAnswer" => "rang, nobody answered",
            "rejectedByCallee" => "rejected by the callee",
            "abandonedEarly" => "given up before it rang",
            "unallocated" => "no such number",
            "networkFailure" => "failed in the network",
            _ => outcome,
        };

    public static string Origin(string? origin) =>
        origin switch
        {
            null => "–",
            "local" => "us",
            "remote" => "the other side",
            _ => origin,
        };

    public static string HungUp(string? by) =>
        by switch
        {
            null => "–",
            "caller" => "the caller",
            "callee" => "the callee",
            "platform" => "the platform",
            "timeout" => "a time-out",
            _ => by,
        };

    public static string Moment(string what) =>
        what switch
        {
            "invite" => "INVITE",
            "ring" => "it rings (180)",
            "early-media" => "early media (183)",
            "answer" => "answered",
            "final" => "final response",
            "end" => "hung up",
            _ => what,
        };

    public static string Capital(string words) =>
        words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
}
