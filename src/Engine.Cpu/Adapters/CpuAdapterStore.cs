using System.Collections.Immutable;
using Penstock.Engine.Cpu.Memory;
using Penstock.Engine.Cpu.Running;
using Penstock.Engine.Running;
using Penstock.Models.Adapters;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>The adapters of a <see cref="CpuModelRunner"/>. Loading packs them beside the running steps and then adds them in one write.</summary>
/// <param name="model">What the adapters must fit.</param>
/// <param name="targets">The matrices to which adapters apply.</param>
/// <param name="type">What their weights are kept as.</param>
/// <param name="path">The kernels to use.</param>
internal sealed class CpuAdapterStore(LoraBase model, AdapterTargets targets, AdapterType type, KernelPath path) : IAdapterStore, IDisposable
{
    private readonly Lock sync = new();
    private volatile ImmutableDictionary<int, LoadedAdapter> loaded = ImmutableDictionary<int, LoadedAdapter>.Empty;
    private int numbers;

    public AdapterType Type => type;

    public long Bytes => loaded.Values.Sum(adapter => adapter.Bytes);

    public int Load(LoraFile file)
    {
        model.RequireFit(file);
        MemoryNeed.Check(file.ParameterCount * sizeof(float), "The adapter", "Unload others first.");
        var adapter = LoadedAdapter.Load(file, targets, type, path);
        lock (sync)
        {
            loaded = loaded.Add(++numbers, adapter);
            return numbers;
        }
    }

    public void Unload(int number)
    {
        LoadedAdapter? adapter;
        lock (sync)
        {
            if (!loaded.TryGetValue(number, out adapter))
                return;
            loaded = loaded.Remove(number);
        }

        adapter.Dispose();
    }

    public void Dispose()
    {
        foreach (var number in loaded.Keys)
            Unload(number);
    }

    /// <summary>The adapter of that number.</summary>
    internal LoadedAdapter? Find(int number) => loaded.GetValueOrDefault(number);
}
