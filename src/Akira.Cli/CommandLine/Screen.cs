using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace Akira.Cli.CommandLine;

/// <summary>Where the answer goes. What comes from a server is cleaned first: it is other people's text.</summary>
internal static class Screen
{
    private const int PlainWidth = 400; // a pipe has no edge: nothing is cut for it

    /// <summary>Columns of the terminal.</summary>
    public static int Width => Console.IsOutputRedirected ? 80 : Math.Max(40, Console.WindowWidth);

    public static void Say(string line) => Console.Out.WriteLine(line);

    /// <summary>For people only: the answer on standard output stays clean.</summary>
    public static void Complain(string line) => Console.Error.WriteLine("akira: " + Clean(line));

    public static void Json(JsonElement json, bool oneLine = false)
    {
        // The default encoder escapes everything beyond ASCII, so nothing in it can steer a terminal.
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = !oneLine }))
            json.WriteTo(writer);
        Console.Out.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>A list of the responder's: a row each under a heading, or as it came.</summary>
    /// <param name="none">Said when it is empty.</param>
    /// <inheritdoc cref="Rows"/>
    public static void List(
        JsonElement list,
        bool asJson,
        string none,
        IReadOnlyList<string> heading,
        Func<JsonElement, IReadOnlyList<string>> row,
        bool cut = false
    )
    {
        if (asJson)
            Json(list);
        else if (list.GetArrayLength() == 0)
            Say(none);
        else
            Rows(list.EnumerateArray().Select(row).Prepend(heading), cut: cut);
    }

    /// <summary>
    /// Columns two spaces apart, as wide as they need to be. At the edge of the terminal the last one goes on below itself.
    /// </summary>
    /// <param name="rows">All with the same number of cells.</param>
    /// <param name="widths">Of all columns but the last, at least; for rows that come one by one.</param>
    /// <param name="cut">The last column is cut at the edge instead.</param>
    public static void Rows(IEnumerable<IReadOnlyList<string>> rows, int[]? widths = null, bool cut = false)
    {
        var clean = rows.Select(row => row.Select(Clean).ToList()).ToList();
        var grid = new Table { Border = TableBorder.None, ShowHeaders = false };
        var left = Width;
        for (var i = 0; i < clean[0].Count - 1; i++)
        {
            var width = Math.Max(widths?.ElementAtOrDefault(i) ?? 0, clean.Max(row => row[i].GetCellWidth()));
            grid.AddColumn(
                new TableColumn("")
                {
                    Width = width,
                    NoWrap = true,
                    Padding = new Padding(0, 0, 2, 0),
                }
            );
            left -= width + 2;
        }
        grid.AddColumn(new TableColumn("") { Padding = new Padding(0) });
        foreach (var row in clean)
        {
            if (cut && !Console.IsOutputRedirected && row[^1].Length > left)
                row[^1] = row[^1][..Math.Max(0, left - 1)].TrimEnd() + "…";
            grid.AddRow(row.Select(cell => new Text(cell)));
        }
        Write(grid);
    }

    private static void Write(Spectre.Console.Rendering.IRenderable what)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(text),
                Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
                Interactive = InteractionSupport.No,
            }
        );
        console.Profile.Width = Console.IsOutputRedirected ? PlainWidth : Width;
        console.Write(what);
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
            Console.Out.WriteLine(line.TrimEnd());
    }

    /// <summary>One line of plain characters: no control, no escape sequence, nothing that turns the reading direction.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e')
                i = EndOfSequence(text, i);
            else if (text[i] is '\n' or '\r' or '\t' or '\u2028' or '\u2029')
                clean.Append(clean.Length > 0 && clean[^1] != ' ' ? " " : "");
            else if (!char.IsControl(text[i]) && !TurnsDirection(text[i]))
                clean.Append(text[i]);
        }
        return clean.ToString().TrimEnd();
    }

    // Of ESC [ … letter, ESC ] … BEL, or ESC and one character.
    private static int EndOfSequence(string text, int at)
    {
        if (at + 1 >= text.Length)
            return at;
        var end = text[at + 1] switch
        {
            '[' => text.AsSpan(at + 2).IndexOfAnyInRange('@', '~'),
            ']' => text.AsSpan(at + 2).IndexOf('\a'),
            _ => -1,
        };
        return end < 0 ? at + 1 : at + 2 + end;
    }

    private static bool TurnsDirection(char c) =>
        c is '\u200e' or '\u200f' or '\u061c' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
