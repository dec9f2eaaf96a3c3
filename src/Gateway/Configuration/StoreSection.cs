using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Configuration;

/// <summary>The entry <c>store</c> of <c>penstock.yaml</c>: a SQLite file, or where the connection string of a PostgreSQL database is.</summary>
internal static class StoreSection
{
    /// <summary>Beyond it nobody waits for what a dead gateway had reserved.</summary>
    private const double MostLeaseSeconds = 3600;

    private const string Rule = "a store is sqlite: path, or postgres: { env: NAME }";

    public static StoreOptions? Read(YamlNodeReader root)
    {
        if (root.Child("store") is not { } store)
        {
            return null;
        }

        store.Allow(["sqlite", "postgres"], notYet: []);
        var file = store.String("sqlite");
        var shared = store.Child("postgres");
        var postgres = shared is null ? null : Place(shared);
        if (file is not null && postgres is not null)
        {
            store.Faults.Add(new("store", "two stores", Rule, "Remove one of them."));
        }

        return file is null && postgres is null ? null : new StoreOptions(file ?? StoreOptions.Default.SqliteFile, postgres)
        {
            Lease = shared?.Number("lease_s", 1, MostLeaseSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    // What was given is not repeated where it may be the connection string itself.
    private static SecretPlace? Place(YamlNodeReader postgres)
    {
        postgres.Allow(["env", "file", "lease_s"], notYet: []);
        SecretPlace[] given =
        [
            .. postgres.String("env") is { } variable ? [new SecretPlace(IsFile: false, variable)] : Array.Empty<SecretPlace>(),
            .. postgres.String("file") is { } file ? [new SecretPlace(IsFile: true, file)] : Array.Empty<SecretPlace>(),
        ];
        if (given.Length != 1)
        {
            postgres.Faults.Add(new(postgres.PathOf("env"), $"{given.Length} places", "one of env and file says where the connection string is", "Write postgres: { env: PENSTOCK_POSTGRES }."));
        }

        return given.FirstOrDefault();
    }
}
