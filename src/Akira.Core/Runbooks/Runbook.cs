using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Akira.Core.Runbooks;

/// <summary>One Markdown file, read.</summary>
/// <param name="Path">Relative to the runbooks folder: <c>dr.md</c>.</param>
public sealed record Runbook(string Path, string Title, string Text, ImmutableArray<Section> Sections)
{
    public IEnumerable<Step> Steps => Sections.SelectMany(s => s.Steps);
}

/// <summary>A heading and what stands under it, up to the next heading of any level.</summary>
/// <param name="Anchor">As GitHub makes it: <c>postgresql-primary-failover</c>.</param>
/// <param name="Parents">Anchors of the headings above it, outermost first.</param>
public sealed record Section(
    string Heading,
    string Anchor,
    int Level,
    Place Place,
    ImmutableArray<string> Parents,
    ImmutableArray<Step> Steps
);

/// <summary>A fenced shell block.</summary>
/// <param name="Name">Given in the fence, or made from the section: <c>global-snapshot-1</c>. Unique over all runbooks.</param>
/// <param name="Script">What stands in the fence, as it stands.</param>
/// <param name="Parts">The same, divided by where it runs, in order.</param>
/// <param name="Effect">The higher of what is declared and what the commands are known to do.</param>
/// <param name="Expect">Expected output, <c>...</c> matching any lines; null when only the exit code counts.</param>
/// <param name="IsRecovery">Whether it stands after <c>Recover:</c>.</param>
public sealed record Step(
    string Name,
    string Script,
    ImmutableArray<StepPart> Parts,
    Effect Effect,
    TimeSpan Timeout,
    string? Expect,
    bool IsRecovery,
    Place Place
)
{
    /// <summary>Host names in the order of their parts; the responder's own machine is not among them.</summary>
    public ImmutableArray<string> Hosts => [.. Parts.Where(p => p.Host is not null).Select(p => p.Host!).Distinct()];
}

/// <summary>Commands that run at one place.</summary>
/// <param name="Host">Null: the responder's machine.</param>
/// <param name="Script">For a host: the commands inside <c>ssh user@host '…'</c>, unquoted.</param>
public sealed record StepPart(string? Host, string? User, string Script);

/// <summary>What a step does to the platform. Anything that is not proven to read is at least disruptive.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Effect>))]
public enum Effect
{
    Read,
    Disruptive,
    Destructive,
}
