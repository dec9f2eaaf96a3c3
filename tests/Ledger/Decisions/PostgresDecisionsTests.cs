using Npgsql;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Decisions;
using Penstock.Ledger.Postgres;
using Penstock.Ledger.Tests.Budgets;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Decisions;

/// <summary>Decisions in PostgreSQL, where several gateways ask for one key.</summary>
public sealed class PostgresDecisionsTests(PostgresFixture postgres) : DecisionStoreConformance
{
    protected override async Task<IDecisionWorld> NewWorldAsync(SettableTime time, DecisionOptions options) => new World(await postgres.NewDatabaseAsync(), time, options);

    [Fact]
    public async Task Claim_FromThreeGatewaysAtOnce_OneIsGranted()
    {
        await using var world = await NewWorldAsync(new SettableTime(DateTimeOffset.UnixEpoch), new DecisionOptions());
        var stores = await Task.WhenAll(world.OpenAsync(), world.OpenAsync(), world.OpenAsync());

        for (var round = 0; round < 10; round++)
        {
            var key = DecisionKey.Of("acme", null, "/v1/embeddings", $"{round}", "body"u8);
            var claims = await Task.WhenAll(Enumerable.Range(0, 30).Select(index => stores[index % 3].ClaimAsync(key).AsTask()));

            Assert.Single(claims, claim => claim.State == ClaimState.Granted);
            Assert.Equal(29, claims.Count(claim => claim.State == ClaimState.Held));
        }
    }

    [Fact]
    public async Task Decide_ByAGatewayThatWasTakenForDead_IsRefusedOnceAnotherHasTheKey()
    {
        await using var world = await NewWorldAsync(new SettableTime(DateTimeOffset.UnixEpoch), new DecisionOptions());
        var key = DecisionKey.Of("acme", null, "/v1/embeddings", "k", "body"u8);
        var slow = await world.OpenAsync();
        var lost = (await slow.ClaimAsync(key)).Claim;

        await world.KillAsync();
        var other = await world.OpenAsync();
        var claim = await other.ClaimAsync(key);

        Assert.Equal(ClaimState.Granted, claim.State);
        Assert.False(await slow.DecideAsync(lost, new Decision(200, [], 1), "late"u8.ToArray()));
        Assert.True(await other.DecideAsync(claim.Claim, new Decision(200, [], 1), "right"u8.ToArray()));
        Assert.Equal(claim.Claim, (await slow.ClaimAsync(key)).Claim);
    }

    /// <summary>A kill is a gateway that the others have declared dead; what it had not committed was never there.</summary>
    private sealed class World(string database, SettableTime time, DecisionOptions options) : IDecisionWorld
    {
        private readonly List<PostgresStore> stores = [];
        private readonly Lock gate = new();

        public async Task<IDecisionStore> OpenAsync()
        {
            var store = await PostgresStore.OpenAsync(new() { ConnectionString = database, Clock = time }, BudgetTree.Empty, new BudgetOptions(), TimeProvider.System, options);
            lock (gate)
            {
                stores.Add(store);
            }

            return store.Decisions;
        }

        public async Task KillAsync()
        {
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("UPDATE node SET dead = true", connection);
            await command.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var store in stores)
            {
                await store.DisposeAsync();
            }
        }
    }
}
