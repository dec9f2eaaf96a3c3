using Xunit;

namespace Penstock.Tests.Support.Postgres;

/// <summary>One PostgreSQL for a test assembly, started when the first test wants it. Each test has a database of its own.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> server = new(PostgresServer.StartAsync);

    /// <summary>A new, empty database: how to connect to it. Skips the test where PostgreSQL is not installed.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        SkipUnlessInstalled();
        return await (await server.Value).NewDatabaseAsync();
    }

    public static void SkipUnlessInstalled() => Assert.SkipWhen(PostgresServer.FindBinaries() is null, "PostgreSQL is not installed: apt-get install postgresql.");

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
