using System.Text.Json;
using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

public sealed class CheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_runbooks_that_ship_are_clean()
    {
        var run = await Enter("check");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("runbooks: nothing is wrong.\n", run.Output);
    }

    [Fact]
    public async Task A_finding_says_where_it_is_and_how_to_get_out_of_it()
    {
        var policy = BreakAckTarget();
        var run = await Enter("check", _folder);
        Assert.Equal(1, run.ExitCode);
        Assert.Matches($@"(?m)^{policy}:\d+:\d+: error AKR\d{{3}}: .+\. .+\.$", run.Output);
    }

    [Fact]
    public async Task A_link_to_a_device_is_one_clear_error()
    {
        var link = Path.Combine(_folder, "endless.md");
        File.CreateSymbolicLink(link, "/dev/zero");
        var run = await Enter("check", _folder);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{link} is longer than any runbook. Say where", run.Error);
    }

    [Fact]
    public async Task Findings_are_there_for_programs_too()
    {
        var policy = BreakAckTarget();
        var run = await Enter("check", _folder, "--json");
        Assert.Equal(1, run.ExitCode);
        using var findings = JsonDocument.Parse(run.Output);
        var error = findings.RootElement.EnumerateArray().First(f => f.GetProperty("kind").GetString() == "error");
        Assert.Equal(policy, error.GetProperty("file").GetString());
        Assert.StartsWith("AKR", error.GetProperty("code").GetString());
        var line = File.ReadAllLines(policy)[error.GetProperty("line").GetInt32() - 1];
        Assert.Contains("Ack target", line);
    }

    [Fact]
    public async Task Findings_are_there_in_Sarif_for_code_scanning()
    {
        var policy = BreakAckTarget();
        var run = await Enter("check", _folder, "--sarif");
        Assert.Equal(1, run.ExitCode);
        using var document = JsonDocument.Parse(run.Output);
        var log = document.RootElement;
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        var scan = Assert.Single(log.GetProperty("runs").EnumerateArray());
        Assert.Equal("utf16CodeUnits", scan.GetProperty("columnKind").GetString());
        var driver = scan.GetProperty("tool").GetProperty("driver");
        Assert.Equal("akira check", driver.GetProperty("name").GetString());
        Assert.All(
            driver.GetProperty("rules").EnumerateArray(),
            r =>
                Assert.All(
                    new[] { "shortDescription", "fullDescription", "help" },
                    words => Assert.EndsWith(".", r.GetProperty(words).GetProperty("text").GetString())
                )
        );
        var rules = driver.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();

        var results = scan.GetProperty("results").EnumerateArray().ToList();
        Assert.All(
            results,
            r =>
            {
                Assert.Equal(rules[r.GetProperty("ruleIndex").GetInt32()], r.GetProperty("ruleId").GetString());
                Assert.Contains(r.GetProperty("level").GetString(), new[] { "error", "warning" });
                Assert.EndsWith(".", r.GetProperty("message").GetProperty("text").GetString());
            }
        );
        var place = results[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        var uri = new Uri(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!);
        Assert.Equal(policy, uri.LocalPath);
        var line = File.ReadAllLines(policy)[place.GetProperty("region").GetProperty("startLine").GetInt32() - 1];
        Assert.StartsWith("soon", line[(place.GetProperty("region").GetProperty("startColumn").GetInt32() - 1)..]);
    }

    [Fact]
    public async Task Sarif_of_clean_runbooks_has_no_results()
    {
        var clean = await Enter("check", "runbooks", "--sarif");
        Assert.Equal(0, clean.ExitCode);
        using var document = JsonDocument.Parse(clean.Output);
        Assert.Empty(document.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray());
    }

    [Fact]
    public async Task Two_forms_at_once_are_misuse()
    {
        var run = await Enter("check", "--json", "--sarif");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("give one of them", run.Error);
    }

    [Fact]
    public async Task One_file_is_read_with_its_neighbours_and_only_its_own_findings_are_shown()
    {
        BreakAckTarget();
        var run = await Enter("check", Path.Combine(_folder, "platform.md"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_misuse()
    {
        var run = await Enter("check", Path.Combine(_folder, "nothing.md"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nothing.md", Assert.Single(run.Error.TrimEnd().Split('\n')));
    }

    /// <returns>The broken file.</returns>
    private string BreakAckTarget()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Clone, "runbooks"), "*.md"))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)), overwrite: true);
        var policy = Path.Combine(_folder, "incident-response.md");
        var text = File.ReadAllText(policy);
        Assert.Contains("Ack target: 15 minutes", text);
        File.WriteAllText(policy, text.Replace("Ack target: 15 minutes", "Ack target: soon"));
        return policy;
    }
}
