using System.Collections.Immutable;

namespace Akira.Responder.Probes;

/// <summary>Looks at one service from outside, as its users would meet it.</summary>
public interface IProbe
{
    /// <summary>
    /// One look. What stands in the way is an answer and not an exception, but for the network's own (socket, I/O, TLS),
    /// which the prober puts into words; when <paramref name="cancel"/> comes, time is over.
    /// </summary>
    Task<Reading> Look(CancellationToken cancel);
}

/// <summary>What a look brought.</summary>
/// <param name="Up">Whether the service does its work; null: it cannot be told.</param>
/// <param name="Said">What it answered, or what went wrong, in a few words.</param>
/// <param name="Figures">What else was measured.</param>
public sealed record Reading(bool? Up, string Said, ImmutableArray<Figure> Figures)
{
    public static Reading Of(bool? up, string said, params ImmutableArray<Figure> figures) => new(up, said, figures);
}

/// <param name="Sample">Its name: <c>cert.expires_in</c>.</param>
/// <param name="Value">In the sample's own unit; null: it could not be told, and <paramref name="Remark"/> says why.</param>
public sealed record Figure(string Sample, double? Value, string? Remark = null);
