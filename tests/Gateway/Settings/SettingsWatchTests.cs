using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;
using Penstock.Gateway.Tenancy;
using Penstock.Gateway.Tests.Fakes;
using Penstock.Ledger;
using Penstock.Ledger.Administration;

namespace Penstock.Gateway.Tests.Settings;

/// <summary>What is changed behind a running gateway's back is found, and put in place once.</summary>
public sealed class SettingsWatchTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("penstock-watch-").FullName;
    private SqliteLedger ledger = null!;
    private SqliteAdministrationStore administration = null!;
    private CountingSource source = null!;
    private LiveSettings live = null!;
    private SettingsReloader reloader = null!;
    private SettingsWatch watch = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new ServeOptions { Models = [new("m.gguf")] };
        source = new CountingSource(Path.Combine(folder, "penstock.yaml"), options);
        await File.WriteAllTextAsync(source.Files[0], "first");
        ledger = await SqliteLedger.OpenAsync(LedgerOptions.InFolder(folder), TimeProvider.System);
        administration = new SqliteAdministrationStore(ledger, TimeProvider.System);
        live = new LiveSettings(new GatewaySettings(options, [], UpstreamCatalog.Empty));
        reloader = new SettingsReloader(options, live, [], source, null, administration, TimeProvider.System, NullLogger<SettingsReloader>.Instance);
        watch = new SettingsWatch(reloader, live, source, TimeProvider.System, new LogOf<SettingsWatch>());
    }

    public async ValueTask DisposeAsync()
    {
        watch.Dispose();
        reloader.Dispose();
        live.Dispose();
        await ledger.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Look_AtAFileThatChanged_ReadsItOnce()
    {
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, source.Readings);

        await File.WriteAllTextAsync(source.Files[0], "something else");
        await watch.LookAsync(TestContext.Current.CancellationToken);
        await watch.LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, "the file changed"), (source.Readings, reloader.Applied.Cause));
    }

    [Fact]
    public async Task Look_AtAFileThatIsAway_WaitsUntilItIsBack()
    {
        File.Delete(source.Files[0]);
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, source.Readings);

        await File.WriteAllTextAsync(source.Files[0], "it is back");
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, source.Readings);
    }

    [Fact]
    public async Task Look_AfterAnotherGatewaysChange_PutsItInPlace()
    {
        var digest = Convert.ToHexStringLower(ApiKeySecret.DigestOf("secret"));
        await administration.ChangeAsync(0, new(AdministeredSettings.KeyKind, "k", $$"""{"id":"k","tenant":"acme","sha256":"{{digest}}"}""", "ada", "made"));
        Assert.True(live.Current.Keys.IsOpen);

        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal("acme", live.Current.Keys.Find("secret")?.Tenant);

        // What cannot be read is refused once, and what was in force stays.
        await administration.ChangeAsync(1, new(AdministeredSettings.TenantKind, "t", """{"name":"t","parent":"nobody"}""", "ada", "made"));
        await watch.LookAsync(TestContext.Current.CancellationToken);
        var refused = reloader.Latest;
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal((false, true), (refused.Applied, ReferenceEquals(refused, reloader.Latest)));
        Assert.NotNull(live.Current.Keys.Find("secret"));
    }

    private sealed class CountingSource(string file, ServeOptions options) : ISettingsSource
    {
        public IReadOnlyList<string> Files { get; } = [file];

        public int Readings { get; private set; }

        public SettingsReading Read()
        {
            Readings++;
            return new(options, []);
        }
    }
}
