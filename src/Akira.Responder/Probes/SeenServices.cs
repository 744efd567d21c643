using Akira.Core.Runbooks;
using Akira.Responder.Log;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.Probes;

/// <summary>
/// Which services have ever answered, at which address. One that never has is not an outage: more likely nothing is there
/// yet, or its address is wrong. Kept on disk, since a responder that starts in the middle of an outage must see it.
/// </summary>
internal sealed class SeenServices
{
    private readonly Store _store;
    private readonly HashSet<(string Service, string Address)> _seen = [];

    public SeenServices(Store store)
    {
        _store = store;
        using var connection = store.Read();
        using var command = connection.CreateCommand();
        command.CommandText = "select service, address from seen_service";
        using var row = command.ExecuteReader();
        while (row.Read())
            _seen.Add((row.GetString(0), row.GetString(1)));
    }

    public bool Has(PlatformService service)
    {
        lock (_seen)
            return _seen.Contains((service.Name, service.Probe!));
    }

    /// <summary>It answers. A store that cannot be written now is asked again at the next look.</summary>
    public void Note(PlatformService service)
    {
        lock (_seen)
        {
            if (_seen.Contains((service.Name, service.Probe!)))
                return;
            try
            {
                _store.Write((connection, transaction) => Insert(connection, transaction, service));
            }
            catch (StoreFailure)
            {
                return;
            }
            _seen.Add((service.Name, service.Probe!));
        }
    }

    private static void Insert(SqliteConnection connection, SqliteTransaction transaction, PlatformService service)
    {
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "insert or ignore into seen_service(service, address) values ($service, $address)";
        insert.Parameters.AddWithValue("$service", service.Name);
        insert.Parameters.AddWithValue("$address", service.Probe);
        insert.ExecuteNonQuery();
    }
}
