using Akira.Voice.Management;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using NpgsqlTypes;

namespace Akira.Voice.Backend.Access;

/// <summary>People who may log in, and their passwords, hashed.</summary>
internal sealed class Accounts(NpgsqlDataSource database)
{
    public const int ShortestPassword = 12;
    public const int LongestPassword = 200;

    private static readonly PasswordHasher<string> Hasher = new();

    // Checked when there is no such account: the time an answer takes does not tell who exists.
    private static readonly string Nobody = Hasher.HashPassword("", "nobody's password");

    public async Task<Account[]> List(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT name, role, archived, last_login_at FROM account ORDER BY name"
        );
        var all = new List<Account>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            all.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    null,
                    reader.GetBoolean(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3)
                )
            );
        return [.. all];
    }

    public async Task<bool> IsEmpty(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT NOT EXISTS (SELECT FROM account WHERE NOT archived)");
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    /// <returns>False when the name is taken.</returns>
    public async Task<bool> Create(Account account, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "INSERT INTO account (name, role, password, archived) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
        );
        Add(command, account);
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }

    /// <summary>A password that is not said stays. Whoever may no longer log in, or gets another password, is logged out.</summary>
    /// <returns>False when there is no such account.</returns>
    public async Task<bool> Change(Account account, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            WITH ended AS (DELETE FROM session WHERE account = $1 AND ($3 IS NOT NULL OR $4))
            UPDATE account SET role = $2, password = coalesce($3, password), archived = $4 WHERE name = $1 RETURNING name
            """
        );
        Add(command, account);
        return await command.ExecuteScalarAsync(cancel) is not null;
    }

    /// <summary>Somebody whom OIDC sends: their role is what it says today.</summary>
    /// <returns>
    /// Null, or why not: <c>archived</c>, or <c>name-taken</c> by an account with a password, which is not theirs just because they are called so there.
    /// </returns>
    public async Task<string?> Welcome(string name, Role role, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO account (name, role) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET role = excluded.role WHERE account.password IS NULL RETURNING archived
            """
        );
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = Policies.NameOf(role) });
        return await command.ExecuteScalarAsync(cancel) switch
        {
            false => null,
            true => "archived",
            _ => "name-taken",
        };
    }

    /// <returns>Their role, when the password is theirs.</returns>
    public async Task<Role?> Prove(string name, string password, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT password, role FROM account WHERE name = $1 AND NOT archived AND password IS NOT NULL"
        );
        command.Parameters.Add(new() { Value = name });
        var (hash, role) = (Nobody, default(Role?));
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            if (await reader.ReadAsync(cancel))
                (hash, role) = (reader.GetString(0), Policies.RoleOf(reader.GetString(1)));
        return Hasher.VerifyHashedPassword(name, hash, password) == PasswordVerificationResult.Failed ? null : role;
    }

    private static void Add(NpgsqlCommand command, Account account)
    {
        command.Parameters.Add(new() { Value = account.Name });
        command.Parameters.Add(new() { Value = account.Role });
        command.Parameters.Add(
            new()
            {
                Value = account.Password is { } password ? Hasher.HashPassword(account.Name, password) : DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Text,
            }
        );
        command.Parameters.Add(new() { Value = account.Archived });
    }
}
