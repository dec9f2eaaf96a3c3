using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Configuration;

/// <summary>The entry <c>store</c> of <c>penstock.yaml</c>: a SQLite file, or where the connection string of a PostgreSQL database is.</summary>
internal static class StoreSection
{
    private const string Rule = "a store is sqlite: path, or postgres: { env: NAME }";

    public static StoreOptions? Read(YamlNodeReader root)
    {
        if (root.Child("store") is not { } store)
        {
            return null;
        }

        store.Allow(["sqlite", "postgres"], notYet: []);
        var file = store.String("sqlite");
        var postgres = store.Child("postgres") is { } place ? Place(place) : null;
        if (file is not null && postgres is not null)
        {
            store.Faults.Add(new("store", "two stores", Rule, "Remove one of them."));
        }

        return file is null && postgres is null ? null : new(file ?? StoreOptions.Default.SqliteFile, postgres);
    }

    // What was given is not repeated where it may be the connection string itself.
    private static SecretPlace? Place(YamlNodeReader postgres)
    {
        postgres.Allow(["env", "file"], notYet: []);
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
