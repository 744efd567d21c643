namespace Akira.Core.Alerts;

/// <summary>
/// Which part of what was asked over UDP got no answer, over the last looks. Looks that heard nothing at all do not count: they tell of
/// an outage. Not safe for threads.
/// </summary>
public sealed class PacketLoss
{
    /// <summary>So few that what has just begun is seen within seconds.</summary>
    private const int Looks = 20;

    /// <summary>Of fewer, one lost packet would be a tenth and more.</summary>
    private const int Enough = 10;

    private readonly Queue<(int Sent, int Answered)> _looks = new(Looks);

    /// <param name="sent">Requests of one look, at least one.</param>
    /// <param name="answered">How many of them were answered, at least one.</param>
    public void Note(int sent, int answered)
    {
        if (_looks.Count == Looks)
            _looks.Dequeue();
        _looks.Enqueue((sent, Math.Min(sent, answered)));
    }

    /// <summary>From 0 to 1; null after too few looks.</summary>
    public double? Ratio =>
        _looks.Count < Enough ? null : 1 - (double)_looks.Sum(l => l.Answered) / _looks.Sum(l => l.Sent);
}
