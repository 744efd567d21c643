using System.Text;
using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Shell;

/// <summary>
/// Whether SQL is one statement that only reads. A SELECT may call any function, so those are an allow-list too; quoted
/// names, comments and backslashes, which could hide one, are not read at all, nor is <c>(x).f</c>, which is another way to call it.
/// </summary>
internal static partial class ReadQuery
{
    private static readonly HashSet<string> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "now",
        "clock_timestamp",
        "count",
        "sum",
        "min",
        "max",
        "avg",
        "round",
        "abs",
        "coalesce",
        "greatest",
        "least",
        "nullif",
        "extract",
        "date_trunc",
        "to_char",
        "age",
        "upper",
        "lower",
        "length",
        "string_agg",
        "array_agg",
        "percentile_cont",
        "cast",
        "pg_is_in_recovery",
        "pg_current_wal_lsn",
        "pg_last_wal_receive_lsn",
        "pg_last_wal_replay_lsn",
        "pg_wal_lsn_diff",
        "pg_last_xact_replay_timestamp",
        "pg_postmaster_start_time",
        "pg_size_pretty",
        "pg_database_size",
        "pg_relation_size",
        "pg_total_relation_size",
        "pg_blocking_pids",
        "current_setting",
        "version",
        "current_database",
        "inet_server_addr",
        // Not functions, but they may stand before a parenthesis.
        "select",
        "from",
        "where",
        "and",
        "or",
        "not",
        "in",
        "exists",
        "any",
        "all",
        "over",
        "filter",
        "group",
        "by",
        "on",
        "as",
        "then",
        "when",
        "else",
        "join",
        "lateral",
        "between",
        "union",
        "limit",
        "offset",
        "having",
        "using",
    };

    public static bool Proves(string sql)
    {
        sql = sql.Trim();
        if (sql.EndsWith(';'))
            sql = sql[..^1];
        return Start().IsMatch(sql)
            && sql.AsSpan().IndexOfAny(";\\\"$`\0") < 0
            // Beyond ASCII, a letter here may be part of a name there.
            && Ascii.IsValid(sql)
            && !sql.Contains("--", StringComparison.Ordinal)
            && !sql.Contains("/*", StringComparison.Ordinal)
            && !Writes().IsMatch(sql)
            && !Attribute().IsMatch(sql)
            && Call()
                .Matches(sql)
                .All(c =>
                    Functions.Contains(c.Groups[1].Value) && !sql.AsSpan(0, c.Groups[1].Index).TrimEnd().EndsWith(".")
                );
    }

    [GeneratedRegex(@"^(?:select|show)\s", RegexOptions.IgnoreCase)]
    private static partial Regex Start();

    [GeneratedRegex(
        @"\b(?:into|insert|update|delete|truncate|drop|alter|create|grant|revoke|copy|call|do|lock|set|reset|share)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Writes();

    [GeneratedRegex(@"[)\]]\s*\.")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"([\w$]+)\s*\(")]
    private static partial Regex Call();
}
