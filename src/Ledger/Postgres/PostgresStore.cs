using Npgsql;
using Penstock.Ledger.Administration;
using Penstock.Ledger.Nodes;

namespace Penstock.Ledger.Postgres;

/// <summary>A store in a PostgreSQL database, for any number of gateways at once.</summary>
public sealed class PostgresStore : IAsyncDisposable
{
    private readonly PostgresNodes nodes;

    private PostgresStore(NpgsqlDataSource source, PostgresNodes nodes, string place)
    {
        Source = source;
        this.nodes = nodes;
        Place = place;
        Administration = new PostgresAdministration(source, place, TimeProvider.System);
    }

    /// <summary>Where it is, without user and password.</summary>
    public string Place { get; }

    /// <summary>What was made through the administration's API.</summary>
    public IAdministrationStore Administration { get; }

    /// <summary>The gateways that use this store.</summary>
    public INodeRegistry Nodes => nodes;

    /// <summary>The connections, for every part of the store.</summary>
    internal NpgsqlDataSource Source { get; }

    /// <summary>Connects, brings the schema up to date and registers this gateway.</summary>
    /// <exception cref="LedgerException">The database cannot be used; the message has cause and remedy.</exception>
    public static async Task<PostgresStore> OpenAsync(PostgresOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Lease, TimeSpan.Zero);
        var (source, place) = PostgresConnections.Create(options.ConnectionString);
        try
        {
            await PostgresSchema.MigrateAsync(source, place, cancellationToken);
            return new PostgresStore(source, await PostgresNodes.RegisterAsync(source, options, place, cancellationToken), place);
        }
        catch (Exception error)
        {
            await source.DisposeAsync();
            if (error is NpgsqlException or TimeoutException)
            {
                throw PostgresFaults.Explain(error, place);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await nodes.LeaveAsync();
        }
        catch (NpgsqlException)
        {
            // The lease passes by itself.
        }

        await Source.DisposeAsync();
    }
}
