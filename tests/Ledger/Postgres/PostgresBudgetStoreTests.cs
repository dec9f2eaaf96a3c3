using Penstock.Ledger.Budgets;
using Penstock.Ledger.Tests.Budgets;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Postgres;

/// <summary>Budgets in PostgreSQL, with one gateway.</summary>
public sealed class PostgresBudgetStoreTests(PostgresFixture postgres) : BudgetStoreConformance
{
    protected override int Interleavings => 6;

    protected override IBudgetWorld NewWorld(BudgetTree tree, SettableTime time, TimeSpan lease)
    {
        PostgresFixture.SkipUnlessInstalled();
        return new PostgresWorld(postgres, 1, tree, time, lease);
    }
}
