using Akira.Core.Runbooks;
using Akira.Responder.Runbooks;

namespace Akira.Cli.Runbooks;

/// <summary>Runbooks on disk, for the reader that wants texts.</summary>
internal static class RunbookTexts
{
    /// <summary>What is wrong with a folder, or with one file of it.</summary>
    /// <returns>Findings whose places open from the current folder.</returns>
    /// <inheritdoc cref="RunbookFolder.Texts"/>
    public static IReadOnlyList<Finding> Check(string path)
    {
        if (Directory.Exists(path))
            return
            [
                .. PolicyReader
                    .Read(RunbookFolder.Texts(path))
                    .Findings.Select(f => At(f, Path.Combine(path, f.Place.File))),
            ];

        // A file is read with its neighbours, which it may link to; one that has no policy beside it is read as the policy.
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var hasPolicy = File.Exists(Path.Combine(folder, PolicyReader.PolicyFile));
        var name = hasPolicy ? Path.GetFileName(path) : PolicyReader.PolicyFile;
        var texts = hasPolicy ? RunbookFolder.Texts(folder) : [];
        texts[name] = RunbookFolder.Text(path);
        return [.. PolicyReader.Read(texts).Findings.Where(f => f.Place.File == name).Select(f => At(f, path))];
    }

    private static Finding At(Finding finding, string file) =>
        finding with
        {
            Place = finding.Place with { File = file },
        };
}
