using Microsoft.Data.Sqlite;

namespace Akira.Responder.Log;

/// <summary>The store could not record. Nothing of what was asked has happened; it may work again later.</summary>
public sealed class StoreFailure(string sentence, Exception? inner = null) : Exception(sentence, inner)
{
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int ReadOnly = 8;

    private const string DiskIsFull =
        "The disk is full: nothing was recorded. Free some space in the data folder; the responder goes on by itself.";

    internal static StoreFailure OfFullDisk() => new(DiskIsFull);

    internal static StoreFailure Of(SqliteException e) =>
        new(
            e.SqliteErrorCode switch
            {
                Full => DiskIsFull,
                IoError => "The disk refused to write: nothing was recorded. Look at the data folder's disk.",
                ReadOnly => "The data folder has become read-only: nothing was recorded.",
                _ => $"The log could not be written: {e.Message}",
            },
            e
        );

    internal static bool IsUnreadable(SqliteException e) => e.SqliteErrorCode is Corrupt or NotADatabase;

    internal static bool IsUnwritable(SqliteException e) =>
        e.SqliteErrorCode is ReadOnly or CannotOpen or IoError or Full;
}
