using Akira.Responder.Log;

namespace Akira.Responder.Runbooks;

/// <summary>The folder of Markdown files that the responder obeys.</summary>
public static class RunbookFolder
{
    /// <summary>Nobody writes runbooks this long; a mistaken path should not fill the memory.</summary>
    private const long LongestFile = 4 * 1024 * 1024;

    /// <returns>Texts by path within the folder, with forward slashes.</returns>
    /// <exception cref="CannotStart">The folder is missing or cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        folder = Path.GetFullPath(folder);
        try
        {
            return Directory
                .EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)
                .Where(file => new FileInfo(file).Length <= LongestFile)
                .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStart(
                $"The runbooks in {folder} cannot be read: {e.Message} Say where they are: --runbooks DIR",
                inner: e
            );
        }
    }
}
