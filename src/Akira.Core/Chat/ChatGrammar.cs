using Akira.Core.Runbooks;

namespace Akira.Core.Chat;

/// <summary>Reads what people type: <c>ACK anna</c>, <c>/ticket "SEV1 - no calls" severity:critical</c>, …</summary>
public static partial class ChatGrammar
{
    /// <summary>Total: whatever was typed, the answer is an utterance. A plain line is a note for the incident's log.</summary>
    public static Utterance Read(string line, Policy policy) => throw new NotSupportedException();
}
