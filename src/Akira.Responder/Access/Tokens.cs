using System.Collections.Immutable;
using Akira.Responder.Log;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.Access;

/// <summary>Each may do what the ones before it may.</summary>
public enum Role
{
    Viewer,
    Responder,
    Admin,
}

/// <summary>Who a token speaks for. The token itself is nowhere.</summary>
public sealed record TokenRow(string Name, string Role, DateTimeOffset CreatedAt);

/// <summary>Who may ask for what. Only hashes are kept; looking one up costs no read of the disk.</summary>
public sealed class Tokens
{
    private readonly Store _store;
    private readonly Lock _changing = new();
    private ImmutableDictionary<string, (string Name, Role Role)> _byHash = ImmutableDictionary<
        string,
        (string, Role)
    >.Empty;

    /// <param name="administrator">A token that the environment gives; it is an administrator's, and not stored.</param>
    public Tokens(Store store, string? administrator)
    {
        _store = store;
        foreach (var (name, role, hash, _) in Rows())
            _byHash = _byHash.SetItem(hash, (name, Enum.Parse<Role>(role)));
        if (!string.IsNullOrEmpty(administrator))
            _byHash = _byHash.SetItem(Secret.HashOf(administrator), ("admin", Role.Admin));
    }

    /// <summary>Nobody can log in yet.</summary>
    public bool IsEmpty => _byHash.IsEmpty;

    public (string Name, Role Role)? Find(string token) =>
        _byHash.TryGetValue(Secret.HashOf(token), out var owner) ? owner : null;

    /// <param name="hash">Of <see cref="Secret.HashOf"/>.</param>
    public bool IsHeld(string hash) => _byHash.ContainsKey(hash);

    /// <returns>The token: shown once, never again. Null when the name is taken.</returns>
    public string? Create(string name, Role role, DateTimeOffset now)
    {
        var token = Secret.NewToken();
        var hash = Secret.HashOf(token);
        lock (_changing)
        {
            if (_byHash.Values.Any(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                return null;
            _store.Write(
                (connection, transaction) =>
                {
                    using var insert = Command(
                        connection,
                        transaction,
                        "insert into token(name, role, hash, created_at) values ($name, $role, $hash, $at)"
                    );
                    insert.Parameters.AddWithValue("$name", name);
                    insert.Parameters.AddWithValue("$role", role.ToString());
                    insert.Parameters.AddWithValue("$hash", hash);
                    insert.Parameters.AddWithValue("$at", Micros.Of(now));
                    insert.ExecuteNonQuery();
                }
            );
            _byHash = _byHash.SetItem(hash, (name, role));
        }
        return token;
    }

    /// <returns>False when there is no stored token of that name.</returns>
    public bool Revoke(string name)
    {
        lock (_changing)
        {
            if (
                Rows().FirstOrDefault(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                is not { Hash: not null } row
            )
                return false;
            _store.Write(
                (connection, transaction) =>
                {
                    using var delete = Command(connection, transaction, "delete from token where hash = $hash");
                    delete.Parameters.AddWithValue("$hash", row.Hash);
                    delete.ExecuteNonQuery();
                }
            );
            _byHash = _byHash.Remove(row.Hash);
            return true;
        }
    }

    public IReadOnlyList<TokenRow> List() =>
        [.. Rows().Select(r => new TokenRow(r.Name, r.Role.ToLowerInvariant(), r.CreatedAt))];

    private List<(string Name, string Role, string Hash, DateTimeOffset CreatedAt)> Rows()
    {
        using var connection = _store.Read();
        using var command = connection.CreateCommand();
        command.CommandText = "select name, role, hash, created_at from token order by name";
        using var row = command.ExecuteReader();
        var rows = new List<(string, string, string, DateTimeOffset)>();
        while (row.Read())
            rows.Add((row.GetString(0), row.GetString(1), row.GetString(2), Micros.ToInstant(row.GetInt64(3))));
        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Only the constants above come here
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
