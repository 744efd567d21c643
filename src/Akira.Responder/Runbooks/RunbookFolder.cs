using System.Text;
using Akira.Responder.Log;

namespace Akira.Responder.Runbooks;

/// <summary>The folder of Markdown files that the responder obeys.</summary>
public static class RunbookFolder
{
    /// <summary>Characters. Nobody writes runbooks this long; a mistaken path, or a link to a device, should not fill the memory.</summary>
    private const int LongestFile = 4 * 1024 * 1024;

    /// <returns>Texts by path within the folder, with forward slashes.</returns>
    /// <exception cref="CannotStart">The folder is missing or cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        folder = Path.GetFullPath(folder);
        try
        {
            return Texts(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStart(
                $"The runbooks in {folder} cannot be read: {e.Message} Say where they are: --runbooks DIR",
                inner: e
            );
        }
    }

    /// <summary>All of a folder, by path within it.</summary>
    /// <exception cref="IOException">One cannot be read, or is far too long.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be read.</exception>
    public static Dictionary<string, string> Texts(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), Text);

    /// <inheritdoc cref="Texts"/>
    public static string Text(string file)
    {
        using var reader = new StreamReader(file);
        var text = new StringBuilder();
        Span<char> buffer = stackalloc char[16 * 1024];
        while (reader.Read(buffer) is var read and > 0)
            if (text.Append(buffer[..read]).Length > LongestFile)
                throw new IOException($"{file} is longer than any runbook.");
        return text.ToString();
    }
}
