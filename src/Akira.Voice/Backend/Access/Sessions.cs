using Akira.Http;
using Akira.Voice.Management;
using Npgsql;

namespace Akira.Voice.Backend.Access;

/// <summary>Who a token speaks for. Only hashes are kept.</summary>
internal sealed class Sessions(NpgsqlDataSource database, BackendOptions options, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(1);

    private readonly string? _admin = HashOf(options.Token);
    private readonly string? _reader = HashOf(options.ReaderToken);

    public async Task<(string Name, Role Role)?> Find(string token, CancellationToken cancel)
    {
        var hash = Secret.HashOf(token);
        if (hash == _admin)
            return ("admin", Role.Admin);
        if (hash == _reader)
            return ("reader", Role.Viewer);
        await using var command = database.CreateCommand(
            """
            SELECT a.name, a.role FROM session s JOIN account a ON a.name = s.account
            WHERE s.hash = $1 AND s.expires_at > $2 AND NOT a.archived
            UNION ALL SELECT name, role FROM token WHERE hash = $1
            """
        );
        command.Parameters.Add(new() { Value = hash });
        command.Parameters.Add(new() { Value = time.GetUtcNow().UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? (reader.GetString(0), Policies.RoleOf(reader.GetString(1))!.Value)
            : null;
    }

    /// <summary>For somebody who has proven who they are.</summary>
    public async Task<Session> Begin(string account, Role role, CancellationToken cancel)
    {
        var token = Secret.NewToken();
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            WITH old AS (DELETE FROM session WHERE expires_at <= $3),
                seen AS (UPDATE account SET last_login_at = $3 WHERE name = $2)
            INSERT INTO session (hash, account, expires_at) VALUES ($1, $2, $4)
            """
        );
        command.Parameters.Add(new() { Value = Secret.HashOf(token) });
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new() { Value = (now + Lifetime).UtcDateTime });
        await command.ExecuteNonQueryAsync(cancel);
        return new(token, account, Policies.NameOf(role), now + Lifetime);
    }

    public async Task End(string token, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("DELETE FROM session WHERE hash = $1");
        command.Parameters.Add(new() { Value = Secret.HashOf(token) });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <returns>A code that <see cref="Exchange"/> takes once, for a minute.</returns>
    public async Task<string> NewCode(string account, CancellationToken cancel)
    {
        var code = Secret.NewCode();
        await using var command = database.CreateCommand(
            "WITH old AS (DELETE FROM login_code WHERE expires_at <= $3) INSERT INTO login_code VALUES ($1, $2, $4)"
        );
        command.Parameters.Add(new() { Value = Secret.HashOf(code) });
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = time.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new() { Value = (time.GetUtcNow() + CodeLifetime).UtcDateTime });
        await command.ExecuteNonQueryAsync(cancel);
        return code;
    }

    /// <returns>Null: the code is unknown, too old, or was used.</returns>
    public async Task<Session?> Exchange(string code, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            DELETE FROM login_code c USING account a
            WHERE c.hash = $1 AND c.expires_at > $2 AND a.name = c.account AND NOT a.archived RETURNING a.name, a.role
            """
        );
        command.Parameters.Add(new() { Value = Secret.HashOf(code) });
        command.Parameters.Add(new() { Value = time.GetUtcNow().UtcDateTime });
        string name;
        Role role;
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel))
                return null;
            (name, role) = (reader.GetString(0), Policies.RoleOf(reader.GetString(1))!.Value);
        }
        return await Begin(name, role, cancel);
    }

    /// <returns>The token: shown once, never again. Null when the name is taken.</returns>
    public async Task<string?> NewProgramToken(string name, Role role, CancellationToken cancel)
    {
        var token = Secret.NewToken();
        await using var command = database.CreateCommand(
            "INSERT INTO token (name, role, hash, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING"
        );
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = Policies.NameOf(role) });
        command.Parameters.Add(new() { Value = Secret.HashOf(token) });
        command.Parameters.Add(new() { Value = time.GetUtcNow().UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancel) == 1 ? token : null;
    }

    /// <returns>False when there is none of that name.</returns>
    public async Task<bool> Revoke(string name, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("DELETE FROM token WHERE name = $1");
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }

    private static string? HashOf(string? token) => string.IsNullOrEmpty(token) ? null : Secret.HashOf(token);
}
