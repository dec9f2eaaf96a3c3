using Penstock.Contracts.Errors;
using Penstock.Engine.Cpu.Memory;
using Penstock.Gateway.Attempts;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Settings;
using Penstock.Ledger;
using Penstock.Ledger.Stores;

namespace Penstock.Gateway.Hosting;

/// <summary>What a server owns besides its web host: its store and the models. Disposed models first, so that the last records find their ledger.</summary>
public sealed class ServerParts : IAsyncDisposable
{
    private readonly List<LocalModel> models = [];
    private bool handedOver;

    private ServerParts(IPenstockStore store) => Store = store;

    /// <summary>A model's runner threw; its requests have ended. Raised from the engine's thread.</summary>
    public event Action<ModelOptions, Exception>? Faulted;

    /// <summary>The ledger, the budgets and whatever else lasts.</summary>
    public IPenstockStore Store { get; }

    public IReadOnlyList<LocalModel> Models => models;

    /// <summary>The models that are served elsewhere.</summary>
    public UpstreamCatalog Upstream { get; private set; } = UpstreamCatalog.Empty;

    /// <summary>The options with what was made through the administration's API.</summary>
    public ServeOptions Settings { get; private set; } = new();

    /// <summary>Opens the store, then loads the models: what is quick to fail comes first.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told which file is being loaded and how far.</param>
    /// <param name="cancellationToken">Gives up between two models.</param>
    /// <exception cref="LedgerException">The store cannot be used; the message has the remedy.</exception>
    /// <exception cref="Penstock.Models.Gguf.GgufException">A model cannot be loaded; the message has the remedy.</exception>
    /// <exception cref="Penstock.Engine.Llama.LlamaLibraryException">A model is to run on llama.cpp, and its libraries cannot be used.</exception>
    /// <exception cref="PenstockException">Two models have the same name, or a target's credential is not to be had.</exception>
    public static async Task<ServerParts> OpenAsync(
        ServeOptions options, TimeProvider time, Func<ModelOptions, IProgress<double>?>? progress = null, CancellationToken cancellationToken = default)
    {
        _ = FileReadAhead.Begin([.. options.Models.Select(model => model.Path)]);
        var parts = new ServerParts(await ServerStore.OpenAsync(options, time, cancellationToken));
        try
        {
            var settings = await parts.AdministeredAsync(options, cancellationToken);
            parts.Settings = settings;
            parts.Upstream = (await UpstreamCatalog.OpenAsync(settings.Targets, settings.Routes, time, settings.Retries, cancellationToken: cancellationToken)).OrThrow();
            foreach (var model in options.Models)
            {
                cancellationToken.ThrowIfCancellationRequested();
                parts.Add(LocalModel.Load(model, options, time, progress?.Invoke(model), exception => parts.Faulted?.Invoke(model, exception)));
            }

            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var model in models)
        {
            await model.DisposeAsync();
        }

        LetGoOfUpstream();
        await Store.DisposeAsync();
    }

    /// <summary>The settings hold the targets from now on, and let them go when others take their place.</summary>
    internal void LetGoOfUpstream()
    {
        if (!handedOver)
        {
            handedOver = true;
            Upstream.Dispose();
        }
    }

    private async Task<ServeOptions> AdministeredAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        var state = await Store.Administration.ReadAsync(cancellationToken);
        var faults = new List<OptionFault>();
        var settings = AdministeredSettings.Apply(options, state, faults);
        faults.AddRange(ServeOptionsValidator.Validate(settings));
        if (faults.Count > 0)
        {
            throw new PenstockException(new(ErrorCode.InvalidSettings, $"The configuration does not fit what was made through the administration's API: {string.Join("; ", faults)}"));
        }

        await Store.Budgets.ConfigureAsync(settings.BudgetTree);
        return settings;
    }

    private void Add(LocalModel model)
    {
        models.Add(model);
        var name = model.Target.Description.Name;
        if (models.Count(other => other.Target.Description.Name == name) > 1)
        {
            throw new PenstockException(new(
                ErrorCode.InvalidRequest, $"Two models have the name '{name}'. Give one of them another with --model other-name=path.", "models"));
        }
    }
}
