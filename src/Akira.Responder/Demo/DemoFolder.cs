using System.Reflection;
using System.Text.Json;
using Akira.Responder.Log;

namespace Akira.Responder.Demo;

/// <summary>The demo's data folder: every start begins with nothing but its runbooks.</summary>
public static class DemoFolder
{
    /// <summary>The address that the runbooks' steps ask, as the files in this program have it.</summary>
    private const string AddressInFiles = "http://127.0.0.1:7400";

    private static readonly string[] Files = ["incident-response.md", "platform.md"];

    /// <summary>Forgets what an earlier demo left, and writes the runbooks and the file by which the CLI finds this one.</summary>
    /// <param name="folder">Claimed, so that no demo that runs is wiped.</param>
    /// <returns>The runbooks' folder.</returns>
    public static string Begin(DataFolder folder, Uri address, string token)
    {
        foreach (
            var old in Directory
                .EnumerateFileSystemEntries(folder.Path)
                .Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))
        )
            if (Directory.Exists(old))
                Directory.Delete(old, recursive: true);
            else
                File.Delete(old);

        var runbooks = Directory.CreateDirectory(folder.File("runbooks")).FullName;
        foreach (var name in Files)
            File.WriteAllText(
                Path.Combine(runbooks, name),
                Shipped(name).Replace(AddressInFiles, address.ToString().TrimEnd('/'), StringComparison.Ordinal)
            );

        using var file = new FileStream(
            folder.File("cli.json"),
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        JsonSerializer.Serialize(
            file,
            new Dictionary<string, string> { ["url"] = address.ToString(), ["token"] = token }
        );
        return runbooks;
    }

    private static string Shipped(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"demo/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
