using Penstock.Ledger.Administration;

namespace Penstock.Ledger.Tests.Administration;

/// <summary>What every <see cref="IAdministrationStore"/> must do. A store proves it by deriving from this.</summary>
public abstract class AdministrationStoreConformance
{
    /// <summary>Two who share one new, empty place; for a store with one user twice the same.</summary>
    protected abstract Task<(IAdministrationStore One, IAdministrationStore Other)> OpenAsync();

    [Fact]
    public async Task Change_OnTheCurrentVersion_IsInForceForEverybodyAndInTheLog()
    {
        var (one, other) = await OpenAsync();
        Assert.Equal(0, (await one.ReadAsync(TestContext.Current.CancellationToken)).Version);

        Assert.True(await one.ChangeAsync(0, Change("acme", """{"limits":[]}""")));
        Assert.True(await other.ChangeAsync(1, Change("beta", "{}")));
        Assert.True(await one.ChangeAsync(2, Change("acme", """{"parent":"beta"}""")));
        Assert.True(await other.ChangeAsync(3, Change("beta", null)));

        var state = await one.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((4, 4), (state.Version, await other.ReadVersionAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(("tenant", "acme", """{"parent":"beta"}""", 3), Parts(Assert.Single(state.Items)));
        var log = await other.ReadLogAsync(3, TestContext.Current.CancellationToken);
        Assert.Equal([4, 3, 2], log.Select(entry => entry.Version));
        Assert.Equal(("ada", "changed", "beta", null), (log[0].Who, log[0].What, log[0].Name, log[0].Document));
    }

    [Fact]
    public async Task Change_OnAVersionThatHasPassed_ChangesNothing()
    {
        var (one, other) = await OpenAsync();
        await one.ChangeAsync(0, Change("acme", "{}"));

        Assert.False(await other.ChangeAsync(0, Change("beta", "{}")));
        Assert.False(await other.ChangeAsync(2, Change("beta", "{}")));

        Assert.Equal(1, (await other.ReadAsync(TestContext.Current.CancellationToken)).Version);
        Assert.Single(await other.ReadLogAsync(10, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Change_FromManyAtOnce_OneAVersionAndNoneIsLost()
    {
        var (one, other) = await OpenAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            var count = 0;
            while (count < 5)
            {
                var store = writer % 2 == 0 ? one : other;
                var version = await store.ReadVersionAsync(TestContext.Current.CancellationToken);
                count += await store.ChangeAsync(version, Change($"tenant-{writer}-{count}", "{}")) ? 1 : 0;
            }

            return count;
        }));

        var state = await one.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((40, 40), (state.Version, state.Items.Count));
        Assert.Equal(state.Items.Count, state.Items.Select(item => item.Revision).Distinct().Count());
        Assert.Equal(40, made.Sum());
    }

    private static AdministrationChange Change(string name, string? document) => new("tenant", name, document, "ada", "changed");

    private static (string, string, string, long) Parts(AdministeredItem item) => (item.Kind, item.Name, item.Document, item.Revision);
}
