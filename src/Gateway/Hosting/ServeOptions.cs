using Penstock.Engine.Scheduling;
using Penstock.Gateway.Administration;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Budgets;
using Penstock.Ledger.Prices;
using Penstock.Providers;
using Penstock.Routing.Attempts;

namespace Penstock.Gateway.Hosting;

/// <summary>What a server serves, where and for whom. Checked as a whole at start.</summary>
public sealed class ServeOptions
{
    /// <summary>The models to load; at least one, unless there are <see cref="Targets"/>.</summary>
    public IReadOnlyList<ModelOptions> Models { get; set; } = [];

    /// <summary>The providers to ask for models that are served elsewhere. None by default.</summary>
    public IReadOnlyList<TargetOptions> Targets { get; set; } = [];

    /// <summary>How often a request to one of <see cref="Targets"/> is tried again.</summary>
    public RetryPolicy Retries { get; set; } = RetryPolicy.Default;

    /// <summary>Names for models of <see cref="Targets"/>, each with who answers in which order. None by default: a name is asked of all targets that it fits.</summary>
    public IReadOnlyList<RouteOptions> Routes { get; set; } = [];

    /// <summary>Where to listen, <c>http://host:port</c>. Port 0 takes a free one. Default <c>http://127.0.0.1:8080</c>.</summary>
    public IReadOnlyList<string> Urls { get; set; } = ["http://127.0.0.1:8080"];

    /// <summary>Where the ledger and the budgets are kept. Default <c>data/penstock.db</c>.</summary>
    public StoreOptions Store { get; set; } = StoreOptions.Default;

    /// <summary>Keys that clients must present. Empty, the default: none is needed, and the server listens on loopback only.</summary>
    public IReadOnlyList<ApiKey> ApiKeys { get; set; } = [];

    /// <summary>The administration's listener. Null, the default: there is none.</summary>
    public AdminOptions? Admin { get; set; }

    /// <summary>The tree of tenants with its limits. Tenants that only keys name need not be in it.</summary>
    public IReadOnlyList<TenantOptions> Tenants { get; set; } = [];

    /// <summary>Everybody who spends, as budgets see it: tenants and keys.</summary>
    /// <exception cref="ArgumentException">They are no tree; the validator reports that before.</exception>
    public BudgetTree BudgetTree => new(TenantTree.Nodes(Tenants, ApiKeys));

    /// <summary>These options with the settings of others that may change while a server runs (<see cref="Settings.SettingNames"/>).</summary>
    public ServeOptions WithSettingsOf(ServeOptions others)
    {
        var copy = (ServeOptions)MemberwiseClone();
        foreach (var setting in Settings.SettingNames.Live)
        {
            setting.SetValue(copy, setting.GetValue(others));
        }

        return copy;
    }

    /// <summary>What models cost. Default: no prices are known.</summary>
    public PriceBook Prices { get; set; } = PriceBook.Empty;

    /// <summary>What becomes of requests for models without a price, from those with a limit in money. Default: they run, and use none.</summary>
    public UnpricedModels Unpriced { get; set; }

    /// <summary>How long the answers to idempotency keys are kept. Default 24 h. From a minute to a year.</summary>
    public TimeSpan KeepDecisions { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Largest request body. Default 16 MiB: a million tokens of text with room for JSON. From 1 KiB to 1 GiB.</summary>
    public long MaxBodyBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long running requests may finish after the signal to stop. Default 30 s. Up to an hour.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Threads that compute, over all models; 0, the default: every processor.</summary>
    public int Threads { get; set; }

    /// <summary>Processors on which the CPU engine's threads are kept, one each; empty, the default: where the system puts them. Linux only.</summary>
    public IReadOnlyList<int> Affinity { get; set; } = [];

    /// <summary>Folders below which adapters may be loaded while the server runs. Empty, the default: without keys those of the models and of their adapters; with keys any that an operator names.</summary>
    public IReadOnlyList<string> AdapterFolders { get; set; } = [];

    /// <summary>Most tokens of prompt and output together; 0, the default: what the model was trained for.</summary>
    public int ContextLength { get; set; }

    /// <summary>KV memory of each model in tokens; 0, the default: what the engine chooses.</summary>
    public int KvTokens { get; set; }

    /// <summary>The folder of llama.cpp's libraries; null, the default: where they are found, see <see cref="Penstock.Engine.Llama.LibraryFolder"/>.</summary>
    public string? LlamaLibraries { get; set; }

    /// <summary>Requests that may wait for each model that does not say otherwise; more are answered with 429. Default 256.</summary>
    public int QueueCapacity { get; set; } = 256;

    /// <summary>Who is computed next, of the models that do not say otherwise. Default: by class and by service received.</summary>
    public SchedulingPolicy Policy { get; set; } = SchedulingPolicy.Fair;

    /// <summary>Shares of tenants by name; 1 for those that are not named.</summary>
    public IReadOnlyDictionary<string, double> TenantWeights { get; set; } = new Dictionary<string, double>();
}
