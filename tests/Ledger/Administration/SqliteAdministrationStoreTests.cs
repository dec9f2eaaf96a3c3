using Penstock.Ledger.Administration;
using Penstock.Ledger.Tests.Support;

namespace Penstock.Ledger.Tests.Administration;

/// <summary>The administration in the ledger's file.</summary>
public sealed class SqliteAdministrationStoreTests : AdministrationStoreConformance, IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SqliteLedger ledger = null!;

    public async ValueTask InitializeAsync() => ledger = await SqliteLedger.OpenAsync(LedgerOptions.InFolder(folder.Path), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await ledger.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Read_AfterARestart_IsWhatWasMade()
    {
        await new SqliteAdministrationStore(ledger, TimeProvider.System).ChangeAsync(0, new("key", "a", "{}", "ada", "made"));
        await ledger.DisposeAsync();
        ledger = await SqliteLedger.OpenAsync(LedgerOptions.InFolder(folder.Path), TimeProvider.System);

        Assert.NotNull((await new SqliteAdministrationStore(ledger, TimeProvider.System).ReadAsync(TestContext.Current.CancellationToken)).Find("key", "a"));
    }

    protected override Task<(IAdministrationStore One, IAdministrationStore Other)> OpenAsync()
    {
        var store = new SqliteAdministrationStore(ledger, TimeProvider.System);
        return Task.FromResult<(IAdministrationStore, IAdministrationStore)>((store, store));
    }
}
