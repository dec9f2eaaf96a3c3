using System.Text.RegularExpressions;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Engine.Running;
using Penstock.Models.Adapters;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Adapters;

/// <summary>
/// The adapters of one model by name: loaded and unloaded while it serves. One that is unloaded takes no more requests at once, and leaves
/// memory when the last that uses it has ended. Thread-safe.
/// </summary>
public sealed partial class AdapterCatalog
{
    private readonly string model;
    private readonly IModelRunner runner;
    private readonly TimeProvider time;
    private readonly Action<ServedAdapter> free;
    private readonly Lock loading = new();
    private readonly Lock sync = new();
    private readonly Dictionary<string, ServedAdapter> served = new(StringComparer.Ordinal);
    private readonly List<ServedAdapter> leaving = [];

    /// <param name="model">The model's name.</param>
    /// <param name="runner">Has them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="free">Has the loop let go of one that nobody uses.</param>
    internal AdapterCatalog(string model, IModelRunner runner, TimeProvider time, Action<ServedAdapter> free) =>
        (this.model, this.runner, this.time, this.free) = (model, runner, time, free);

    /// <summary>All of them, those that are leaving too, by name.</summary>
    public IReadOnlyList<AdapterDescription> List()
    {
        lock (sync)
        {
            leaving.RemoveAll(adapter => adapter.Gone.IsCompleted);
            return [.. served.Values.Concat(leaving).Select(adapter => adapter.Description).OrderBy(adapter => adapter.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Loads one beside what runs; it can be used when this returns. Takes as long as the file takes to read.</summary>
    /// <param name="name">1 to 64 letters, digits, dots, dashes and underscores.</param>
    /// <param name="file">The adapter; may be closed afterwards.</param>
    /// <param name="scale">For requests that name none.</param>
    /// <returns>The adapter, or why it cannot be: the name, the file or the runner is at fault.</returns>
    public Outcome<AdapterDescription> Load(string name, LoraFile file, float scale = 1)
    {
        if (runner.Adapters is not { } store)
            return None();
        if (!Name().IsMatch(name))
            return new PenstockError(ErrorCode.InvalidRequest, "An adapter's name has 1 to 64 letters, digits, dots, dashes and underscores. Choose another.", "name");
        if (!(scale is >= AdapterSelection.LeastScale and <= AdapterSelection.MostScale))
            return new PenstockError(ErrorCode.InvalidRequest, $"The scale of the adapter '{name}' is {scale}; it must be from {AdapterSelection.LeastScale} to {AdapterSelection.MostScale}.", "scale");

        lock (loading)
        {
            if (Find(name) is not null)
                return new PenstockError(ErrorCode.InvalidRequest, $"'{model}' has an adapter '{name}' already. Unload it first, or choose another name.", "name");

            try
            {
                var adapter = new ServedAdapter(name, file, store.Load(file), store.Type, scale, time.GetUtcNow());
                lock (sync)
                    served.Add(name, adapter);
                return adapter.Description;
            }
            catch (GgufException fault)
            {
                return new PenstockError(ErrorCode.InvalidRequest, $"The adapter '{name}' does not fit '{model}'. {fault.Message}", "path");
            }
            catch (PenstockException fault)
            {
                return fault.Error;
            }
        }
    }

    /// <summary>Lets no more requests use it.</summary>
    /// <param name="name">Its name, which is free for another at once.</param>
    /// <param name="gone">Completes when the last request that uses it has ended and its memory is free.</param>
    /// <returns>Null, or that there is none of that name.</returns>
    public PenstockError? Unload(string name, out Task gone)
    {
        ServedAdapter? adapter;
        lock (sync)
        {
            if (!served.Remove(name, out adapter))
            {
                gone = Task.CompletedTask;
                return Unknown(name);
            }

            leaving.Add(adapter);
        }

        gone = adapter.Gone;
        if (adapter.Leave())
            free(adapter);
        return null;
    }

    /// <summary>The adapter that a request selects.</summary>
    internal Outcome<ServedAdapter> Select(AdapterSelection selection) =>
        runner.Adapters is null ? None()
        : !(selection.Scale is null or (>= AdapterSelection.LeastScale and <= AdapterSelection.MostScale))
            ? new PenstockError(ErrorCode.InvalidRequest, $"The adapter's scale is {selection.Scale}; it must be from {AdapterSelection.LeastScale} to {AdapterSelection.MostScale}.", "adapter.scale")
        : Find(selection.Name) is { } adapter ? adapter
        : Unknown(selection.Name);

    /// <summary>For a request whose adapter was unloaded after it was prepared, or was never there.</summary>
    internal PenstockError Unknown(string name)
    {
        lock (sync)
        {
            var known = served.Count == 0 ? "It has none" : $"It has {string.Join(", ", served.Keys.Order(StringComparer.Ordinal))}";
            return new PenstockError(ErrorCode.AdapterNotFound, $"The model '{model}' has no adapter '{(name.Length <= 64 ? name : $"{name[..64]}...")}'. {known}.", "adapter");
        }
    }

    private ServedAdapter? Find(string name)
    {
        lock (sync)
            return served.GetValueOrDefault(name);
    }

    private PenstockError None() => new(
        ErrorCode.UnsupportedValue, $"'{model}' runs on {runner.Capabilities.Name}, which has no adapters. Leave the adapter out, or serve the model with the cpu runner.", "adapter");

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Name();
}
