using Npgsql;

namespace Penstock.Ledger.Postgres;

/// <summary>
/// Runs transactions, and runs them again when PostgreSQL was away for a moment, fails over or undid them for no fault of their own. One at a time.
/// </summary>
internal sealed class PostgresSession(NpgsqlDataSource source, string place, TimeProvider time)
{
    /// <summary>Before the next attempts: a fail-over on one machine is over within them, and a client that waits for a decision is not kept for long.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private bool away;

    /// <summary>Runs it in a transaction and commits.</summary>
    /// <param name="work">
    /// What to do. It is told whether it was begun before: then an earlier attempt may have been committed, since a connection that breaks during COMMIT does not say.
    /// </param>
    /// <exception cref="LedgerException">It was not committed, or nobody knows.</exception>
    public async Task RunAsync(Func<NpgsqlConnection, bool, Task> work)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await work(connection, attempt > 0);
                await transaction.CommitAsync();
                away = false;
                return;
            }
            catch (Exception error) when (PostgresFaults.IsPassing(error) && !away && attempt < Pauses.Length)
            {
                // What is pooled is mostly broken too.
                source.Clear();
                await Task.Delay(Pauses[attempt], time);
            }
            catch (Exception error) when (error is NpgsqlException || PostgresFaults.IsPassing(error))
            {
                // Until it is back, nobody waits for attempts that have just failed.
                away = PostgresFaults.IsPassing(error);
                if (away)
                {
                    source.Clear();
                }

                throw PostgresFaults.Explain(error, place);
            }
        }
    }
}
