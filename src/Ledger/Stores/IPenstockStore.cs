using Penstock.Ledger.Administration;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Decisions;
using Penstock.Ledger.Nodes;

namespace Penstock.Ledger.Stores;

/// <summary>
/// All that a gateway keeps, in one place: a SQLite file for one gateway (<see cref="SqliteStore"/>), a PostgreSQL database for any number (<see cref="Postgres.PostgresStore"/>).
/// The parts are thread-safe and live as long as the store; disposing it writes what is queued and lets go of the place.
/// </summary>
public interface IPenstockStore : IAsyncDisposable
{
    /// <summary>Where it is, for people: a file's absolute path, or a database and its host. Never a secret.</summary>
    string Place { get; }

    /// <summary>How many requests of processes that are dead were still shown as running when the store was opened; they are interrupted now.</summary>
    int Interrupted { get; }

    /// <summary>The record of every request.</summary>
    IRequestLedger Ledger { get; }

    /// <summary>What agent runs have used, by their records.</summary>
    IRunHistory Runs { get; }

    /// <summary>Who may spend how much.</summary>
    IBudgetStore Budgets { get; }

    /// <summary>What was made through the administration's API.</summary>
    IAdministrationStore Administration { get; }

    /// <summary>The first answer to each idempotency key.</summary>
    IDecisionStore Decisions { get; }

    /// <summary>The gateways that use this store.</summary>
    INodeRegistry Nodes { get; }
}
