namespace Akira.Core.Incidents;

/// <summary>Who caused an entry.</summary>
/// <param name="Name">As people know them: <c>anna</c>; <c>akira</c> for the responder itself.</param>
/// <param name="Id">What the channel vouches for: <c>token:anna</c>, <c>telegram:4711</c>. Null for the responder.</param>
/// <param name="Via">The channel: <c>console</c>, <c>cli</c>, <c>http</c>, <c>telegram</c>, <c>akira</c>.</param>
public sealed record Actor(string Name, string? Id, string Via)
{
    /// <summary>The responder itself: its entries never count as a person's word.</summary>
    public static Actor Akira { get; } = new("akira", null, "akira");

    /// <summary>Whether a channel vouches that a person, and which one, is speaking.</summary>
    public bool IsIdentifiedPerson => Id is not null;
}
