namespace Akira.Voice.Frontend.Calls;

/// <summary>Words beside the numbers.</summary>
internal static class SipCodes
{
    /// <summary>Source: RFC 3261 section 21; 607 RFC 8197, 608 RFC 8688. Empty for others.</summary>
    public static string Phrase(int code) =>
        code switch
        {
            200 => "OK",
            202 => "Accepted",
            300 => "Multiple choices",
            301 => "Moved permanently",
            302 => "Moved temporarily",
            400 => "Bad request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not found",
            405 => "Method not allowed",
            407 => "Proxy authentication required",
            408 => "Request timeout",
            410 => "Gone",
            415 => "Unsupported media",
            420 => "Bad extension",
            480 => "Temporarily unavailable",
            481 => "No such call",
            482 => "Loop detected",
            483 => "Too many hops",
            484 => "Address incomplete",
            485 => "Ambiguous",
            486 => "Busy here",
            487 => "Request terminated",
            488 => "Not acceptable here",
            491 => "Request pending",
            500 => "Server error",
            501 => "Not implemented",
            502 => "Bad gateway",
            503 => "Service unavailable",
            504 => "Server time-out",
            513 => "Message too large",
            600 => "Busy everywhere",
            603 => "Decline",
            604 => "Does not exist",
            606 => "Not acceptable",
            607 => "Unwanted",
            608 => "Rejected",
            _ => "",
        };

    /// <summary>Source: ITU-T Q.850, table 1: those that are seen on trunks. Empty for others.</summary>
    public static string Cause(int q850) =>
        q850 switch
        {
            1 => "unallocated number",
            2 => "no route to network",
            3 => "no route to destination",
            16 => "normal clearing",
            17 => "user busy",
            18 => "no user responding",
            19 => "no answer",
            20 => "subscriber absent",
            21 => "call rejected",
            22 => "number changed",
            27 => "destination out of order",
            28 => "invalid number format",
            31 => "normal, unspecified",
            34 => "no circuit available",
            38 => "network out of order",
            41 => "temporary failure",
            42 => "congestion",
            44 => "channel not available",
            47 => "resource unavailable",
            50 => "facility not subscribed",
            57 => "not authorized",
            58 => "not available now",
            65 => "not implemented",
            79 => "not implemented",
            88 => "incompatible destination",
            102 => "timer expired",
            111 => "protocol error",
            127 => "interworking",
            _ => "",
        };
}
