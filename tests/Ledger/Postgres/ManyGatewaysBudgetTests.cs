using Penstock.Ledger.Budgets;
using Penstock.Ledger.Tests.Budgets;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Postgres;

/// <summary>Budgets in PostgreSQL, with three gateways of which each does every third thing: they behave as one.</summary>
public sealed class ManyGatewaysBudgetTests(PostgresFixture postgres) : BudgetStoreConformance
{
    protected override int Interleavings => 6;

    protected override IBudgetWorld NewWorld(BudgetTree tree, SettableTime time, TimeSpan lease)
    {
        PostgresFixture.SkipUnlessInstalled();
        return new PostgresWorld(postgres, 3, tree, time, lease);
    }
}
