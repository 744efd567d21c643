using System.Globalization;
using System.Text;
using Akira.Voice.Management;

namespace Akira.Voice.Backend.Calls;

/// <summary>RFC 4180, with a header.</summary>
internal static class Csv
{
    private const string Header =
        "uid,at,callId,src,dst,customer,trunk,code,origin,pdd,answeredAt,endedAt,talk,disconnectBy\r\n";

    public static async Task Write(IAsyncEnumerable<Call[]> pages, System.IO.Stream into, CancellationToken cancel)
    {
        var text = new StringBuilder(Header);
        await foreach (var page in pages.WithCancellation(cancel))
        {
            foreach (var call in page)
                Append(text, call);
            await into.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
            text.Clear();
        }
    }

    private static void Append(StringBuilder text, Call call)
    {
        Cell(text, call.Uid);
        Cell(text.Append(','), Time(call.At));
        Cell(text.Append(','), call.CallId);
        Cell(text.Append(','), call.Src);
        Cell(text.Append(','), call.Dst);
        Cell(text.Append(','), call.Customer);
        Cell(text.Append(','), call.Trunk);
        text.Append(CultureInfo.InvariantCulture, $",{call.Code},");
        Cell(text, call.Origin);
        text.Append(
            CultureInfo.InvariantCulture,
            $",{call.Pdd},{Time(call.AnsweredAt)},{Time(call.EndedAt)},{call.Talk},"
        );
        Cell(text, call.DisconnectBy);
        text.Append("\r\n");
    }

    private static void Cell(StringBuilder text, string? value)
    {
        if (value is null)
            return;
        // What a caller wrote must not be a formula in whoever's spreadsheet; a number with a plus in front is none.
        if (value.Length > 0 && (value[0] is '=' or '@' or '-' or '\t' or '\r' || value[0] == '+' && !IsNumber(value)))
            value = "'" + value;
        if (value.AsSpan().IndexOfAny("\",\r\n") < 0)
            text.Append(value);
        else
            text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static bool IsNumber(string value) => value.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private static string? Time(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
