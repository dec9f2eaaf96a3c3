using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Penstock.Ledger.Storage;

/// <summary>A ledger in a SQLite file, for reading.</summary>
internal sealed class SqliteSource : LedgerSource
{
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private readonly SqliteConnection connection;
    private readonly LabelTable labels;

    private SqliteSource(SqliteConnection connection, string file, int version)
    {
        this.connection = connection;
        Place = file;
        Version = version;
        labels = new LabelTable(connection);
    }

    public override string Place { get; }

    public override int Version { get; }

    public override string OwnerLives => "1";

    public override string TenantSums =>
        "SELECT label.text, count(*), sum(prompt), sum(sampled), sum(wall_ticks), sum(cost_picousd) FROM request LEFT JOIN label ON label.id = request.tenant GROUP BY request.tenant";

    public override ILabels Labels => labels;

    public override DbConnection Connection => connection;

    /// <exception cref="LedgerException">There is none, or it cannot be read; the message has cause and remedy.</exception>
    public static SqliteSource Open(string file)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            throw new LedgerException(LedgerFault.Missing, $"There is no ledger at {path}. Name the data folder of a server with --data; a server makes its ledger when it starts.");
        }

        try
        {
            var opened = SqliteConnections.Open(path, SqliteOpenMode.ReadOnly, BusyTimeout);
            try
            {
                return new SqliteSource(opened, path, LedgerSchema.VersionOf(opened, path));
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        }
        catch (SqliteException error)
        {
            throw SqliteFaults.Explain(error, path);
        }
    }

    // Whether a server lives is asked after the snapshot is fixed, so one that starts in between cannot have its requests taken for those of a dead one.
    public override ReadMoment Freeze()
    {
        connection.Execute("BEGIN");
        try
        {
            connection.Scalar("SELECT count(*) FROM schema_version");
            return new ReadMoment(LedgerLock.IsHeld(Place), End);
        }
        catch
        {
            End();
            throw;
        }
    }

    // One writer: what is not there yet comes after what is.
    public override long LastSettled() => long.MaxValue;

    public override IReadOnlyList<LawViolation> CheckStructure() => FileStructure.Check(connection);

    public override LedgerException Explain(DbException error) => SqliteFaults.Explain((SqliteException)error, Place);

    public override void Dispose()
    {
        labels.Dispose();
        base.Dispose();
    }

    private void End() => connection.Execute("ROLLBACK");
}
