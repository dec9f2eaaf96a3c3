using Penstock.Ledger.Budgets;
using Penstock.Ledger.Postgres;
using Penstock.Tests.Support.Postgres;

namespace Penstock.Ledger.Tests.Postgres;

/// <summary>Gateways come, renew, lapse and are declared dead, once.</summary>
public sealed class PostgresNodesTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Open_FromManyGatewaysAtOnce_MigratesOnceAndRegistersEach()
    {
        var database = await postgres.NewDatabaseAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 5).Select(index => OpenAsync(database, $"gateway-{index}")));

        var nodes = await stores[0].Nodes.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["gateway-0", "gateway-1", "gateway-2", "gateway-3", "gateway-4"], nodes.Select(node => node.Name).Order());
        Assert.All(nodes, node => Assert.True(node.Alive));
        Assert.Equal(5, nodes.Select(node => node.Id).Distinct().Count());
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Open_DatabaseThatIsNotThere_SaysSoWithoutTheConnectionString()
    {
        var database = (await postgres.NewDatabaseAsync()).Replace("test_", "nowhere_", StringComparison.Ordinal) + ";Password=hush";

        var error = await Assert.ThrowsAsync<LedgerException>(() => OpenAsync(database));

        Assert.Equal(LedgerFault.Missing, error.Fault);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WithAnAddress_IsTheSameDatabase()
    {
        var words = (await postgres.NewDatabaseAsync()).Split(';').ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=')[1], StringComparer.Ordinal);
        var address = $"postgres://{words["Username"]}:hush@ignored/{words["Database"]}?host={Uri.EscapeDataString(words["Host"])}";

        await using var store = await OpenAsync(address);

        Assert.Contains($"'{words["Database"]}'", store.Place, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", store.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://u:hush@h/d?no_such_key=1", LedgerFault.Failed)]
    [InlineData("Host=/nowhere-at-all;Username=u;Database=d", LedgerFault.Unreachable)]
    [InlineData("no connection string, Password hush", LedgerFault.Failed)]
    public async Task Open_WhatCannotBeReached_SaysSo(string connection, LedgerFault fault)
    {
        var error = await Assert.ThrowsAsync<LedgerException>(() => OpenAsync(connection));

        Assert.Equal(fault, error.Fault);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
    }

    private static Task<PostgresStore> OpenAsync(string database, string name = "gateway") =>
        PostgresStore.OpenAsync(new() { ConnectionString = database, NodeName = name }, BudgetTree.Empty, new BudgetOptions(), TimeProvider.System);
}
