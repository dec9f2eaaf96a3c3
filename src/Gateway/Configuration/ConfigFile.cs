using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Gateway.Administration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Prices;
using Penstock.Providers;
using Penstock.Routing.Attempts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Penstock.Gateway.Configuration;

/// <summary>What <c>penstock.yaml</c> says. Paths in it are relative to the current folder, like those of the command line.</summary>
/// <param name="Listen">Addresses; empty when it names none.</param>
/// <param name="Models">Models; empty when it names none.</param>
/// <param name="ApiKeys">Keys of all tenants.</param>
/// <param name="Store">Where the ledger and the budgets are, or null.</param>
/// <param name="LlamaLibraries">The folder of llama.cpp's libraries, or null.</param>
public sealed record ConfigFile(
    IReadOnlyList<string> Listen, IReadOnlyList<ModelOptions> Models, IReadOnlyList<ApiKey> ApiKeys, StoreOptions? Store, string? LlamaLibraries = null)
{
    /// <summary>The longest gap target: beyond it nobody would call it a stream.</summary>
    private const double MostGapMilliseconds = 60_000;

    private static readonly string[] RunnerNames = [.. Enum.GetNames<RunnerChoice>().Select(name => name.ToLowerInvariant())];

    /// <summary>Who is computed next, of the models that do not say; or null.</summary>
    public SchedulingPolicy? Policy { get; init; }

    /// <summary>Processors of the engine's threads; empty when it names none.</summary>
    public IReadOnlyList<int> Affinity { get; init; } = [];

    /// <summary>Folders of adapters that may be loaded while the server runs; empty when it names none.</summary>
    public IReadOnlyList<string> AdapterFolders { get; init; } = [];

    /// <summary>Shares of the tenants for which the file gives one.</summary>
    public IReadOnlyDictionary<string, double> TenantWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>The tenants, their parents and limits.</summary>
    public IReadOnlyList<TenantOptions> Tenants { get; init; } = [];

    /// <summary>What models cost.</summary>
    public PriceBook Prices { get; init; } = PriceBook.Empty;

    /// <summary>What becomes of models without a price where money is limited.</summary>
    public UnpricedModels Unpriced { get; init; }

    /// <summary>The administration's listener; or null.</summary>
    public AdminOptions? Admin { get; init; }

    /// <summary>Providers; empty when it names none.</summary>
    public IReadOnlyList<TargetOptions> Targets { get; init; } = [];

    /// <summary>How often a request to a provider is tried again; or null.</summary>
    public RetryPolicy? Retries { get; init; }

    /// <summary>How long the answers to idempotency keys are kept; or null.</summary>
    public TimeSpan? KeepDecisions { get; init; }

    /// <summary>Names for providers' models; empty when it names none.</summary>
    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];

    /// <summary>Reads the file's text. Every fault is noted; what has none is returned.</summary>
    public static ConfigFile Parse(string text, List<OptionFault> faults)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            faults.Add(new($"line {exception.Start.Line}, column {exception.Start.Column}", "not YAML", "the file is one YAML mapping", exception.InnerException?.Message ?? exception.Message));
            return new([], [], [], null);
        }

        if (stream.Documents.Count == 0)
        {
            return new([], [], [], null);
        }

        var root = new YamlNodeReader(stream.Documents[0].RootNode, "", faults);
        root.Allow(["listen", "models", "tenants", "store", "llama_libraries", "policy", "affinity", "adapter_folders", "prices", "targets", "routes", "retries", "hedging", "unpriced", "idempotency", "admin"], notYet: ["limits", "telemetry"]);
        return new(
            [.. root.Strings("listen")],
            [.. root.Items("models").Select(Model).OfType<ModelOptions>()],
            [.. root.Items("tenants").SelectMany(TenantSection.Keys)],
            StoreSection.Read(root),
            root.String("llama_libraries"))
        {
            Policy = PolicyNames.Read(root),
            Affinity = Processors(root),
            AdapterFolders = [.. root.Strings("adapter_folders")],
            TenantWeights = Weights(root),
            Tenants = [.. root.Items("tenants").Select(TenantSection.Read).OfType<TenantOptions>()],
            Prices = PriceSection.Read(root),
            Unpriced = UnpricedIn(root),
            Admin = AdminSection.Read(root),
            Targets = [.. root.Items("targets").Select(TargetSection.Read).OfType<TargetOptions>()],
            Retries = RetrySection.Read(root),
            KeepDecisions = IdempotencySection.Read(root),
            Routes = [.. root.Items("routes").Select(RouteSection.Read).OfType<RouteOptions>()],
        };
    }

    private static Dictionary<string, double> Weights(YamlNodeReader root)
    {
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var tenant in root.Items("tenants"))
        {
            if (tenant.Number("weight", 0.001, 1000) is { } weight && tenant.String("name") is { } name && !weights.TryAdd(name, weight))
            {
                tenant.Faults.Add(new(tenant.PathOf("weight"), $"a second weight of '{name}'", "a tenant has one weight", "Remove one of them."));
            }
        }

        return weights;
    }

    private static UnpricedModels UnpricedIn(YamlNodeReader root)
    {
        var word = root.String("unpriced");
        if (word is not (null or "allow" or "refuse"))
        {
            root.Faults.Add(new("unpriced", word, "allow or refuse is needed", "Leave it out for allow."));
        }

        return word == "refuse" ? UnpricedModels.Refuse : UnpricedModels.Allow;
    }

    private static ModelOptions? Model(YamlNodeReader model)
    {
        model.Allow(["name", "path", "runner", "kv_type", "adapter_type", "gap_target_ms", "pinned_prefixes", "deterministic", "adapters", .. ModelSchedulingSection.Keys], notYet: ["draft"]);
        var name = model.String("name");
        var runner = Runner(model);
        var kvType = Kv(model);
        var adapterType = Adapters(model);
        TimeSpan? gap = model.Number("gap_target_ms", 1, MostGapMilliseconds) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        var scheduling = ModelSchedulingSection.Read(model);
        return model.RequiredString("path") is { } path
            ? new ModelOptions(path, name, runner, gap) { KvType = kvType, AdapterType = adapterType, PinnedPrefixes = [.. model.Strings("pinned_prefixes")], Deterministic = model.Flag("deterministic"), Adapters = [.. model.Items("adapters").Select(AdapterSection.Read).OfType<AdapterOptions>()], Scheduling = scheduling }
            : null;
    }

    private static RunnerChoice Runner(YamlNodeReader model)
    {
        if (model.String("runner") is not { } name)
        {
            return RunnerChoice.Auto;
        }

        var choice = Array.IndexOf(RunnerNames, name);
        if (choice < 0)
        {
            model.Faults.Add(new(model.PathOf("runner"), name, $"a runner is one of {string.Join(", ", RunnerNames)}", "Leave it out for auto."));
        }

        return choice < 0 ? RunnerChoice.Auto : (RunnerChoice)choice;
    }

    private static KvType? Kv(YamlNodeReader model)
    {
        if (model.String("kv_type") is not { } name)
        {
            return null;
        }

        var type = KvTypeNames.Find(name);
        if (type is null)
        {
            model.Faults.Add(new(model.PathOf("kv_type"), name, $"a KV type is one of {string.Join(", ", KvTypeNames.All)}", "Leave it out for f16."));
        }

        return type;
    }

    private static AdapterType? Adapters(YamlNodeReader model)
    {
        if (model.String("adapter_type") is not { } name)
        {
            return null;
        }

        var type = AdapterTypeNames.Find(name);
        if (type is null)
        {
            model.Faults.Add(new(model.PathOf("adapter_type"), name, $"adapters are kept as one of {string.Join(", ", AdapterTypeNames.All)}", "Leave it out for auto."));
        }

        return type;
    }

    private static IReadOnlyList<int> Processors(YamlNodeReader root)
    {
        if (root.String("affinity") is not { } list)
        {
            return [];
        }

        if (ProcessorList.Parse(list) is { } processors)
        {
            return processors;
        }

        root.Faults.Add(new("affinity", list, ProcessorList.Rule, ProcessorList.Remedy));
        return [];
    }
}
