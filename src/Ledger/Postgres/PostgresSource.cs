using System.Data.Common;
using Npgsql;
using Penstock.Ledger.Storage;

namespace Penstock.Ledger.Postgres;

/// <summary>A ledger in PostgreSQL, for reading.</summary>
internal sealed class PostgresSource : LedgerSource
{
    /// <summary>Held together by all who write rows, until they have committed: whoever holds it alone knows that no place in the ledger is still to be filled. The bytes of "ledger".</summary>
    public const long WritersKey = 0x6c6564676572;

    /// <summary>Seconds: sums over a large ledger take their time, and nobody's request waits for them.</summary>
    private const int Patience = 600;

    private readonly NpgsqlDataSource source;
    private readonly NpgsqlConnection connection;

    private PostgresSource(NpgsqlDataSource source, NpgsqlConnection connection, string place)
    {
        this.source = source;
        this.connection = connection;
        Place = place;
    }

    public override string Place { get; }

    public override int Version => LedgerSchema.Current;

    public override string OwnerLives => "owner IN (SELECT id FROM node WHERE NOT dead AND lease_until > clock_timestamp())";

    public override string TenantSums =>
        "SELECT tenant, count(*), sum(prompt)::bigint, sum(sampled)::bigint, sum(wall_ticks)::bigint, sum(cost_picousd)::bigint FROM request GROUP BY tenant";

    public override ILabels Labels { get; } = new PostgresText.Labels();

    public override DbConnection Connection => connection;

    /// <exception cref="LedgerException">It cannot be read; the message has cause and remedy.</exception>
    public static PostgresSource Open(string connectionString)
    {
        var (source, place) = PostgresConnections.Create(connectionString, Patience);
        try
        {
            var opened = source.OpenConnection();
            using var command = new NpgsqlCommand("SELECT to_regclass('request') IS NOT NULL", opened);
            return command.ExecuteScalar() is true
                ? new PostgresSource(source, opened, place)
                : throw new LedgerException(LedgerFault.Missing, $"There is no ledger in the {place}. A server makes its ledger when it starts.");
        }
        catch (Exception error)
        {
            source.Dispose();
            throw PostgresFaults.IsPassing(error) || error is NpgsqlException ? PostgresFaults.Explain(error, place) : error;
        }
    }

    public override ReadMoment Freeze()
    {
        Execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        return new ReadMoment(serverLives: true, () => Execute("ROLLBACK"));
    }

    /// <summary>Waits for those who write now, which takes as long as a commit: a later place may be committed before an earlier one.</summary>
    public override long LastSettled()
    {
        using var last = new NpgsqlCommand("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM request_seq_seq", connection);
        var place = (long)last.ExecuteScalar()!;
        using var wait = new NpgsqlCommand($"SELECT pg_advisory_lock({WritersKey}), pg_advisory_unlock({WritersKey})", connection);
        wait.ExecuteNonQuery();
        return place;
    }

    public override IReadOnlyList<LawViolation> CheckStructure() => [];

    public override LedgerException Explain(DbException error) => PostgresFaults.Explain(error, Place);

    public override void Dispose()
    {
        base.Dispose();
        source.Dispose();
    }

    private void Execute(string sql)
    {
#pragma warning disable CA2100 // Constants of this class.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
