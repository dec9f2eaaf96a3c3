using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Running;
using Penstock.Models.Adapters;

namespace Penstock.Engine.Llama.Running;

/// <summary>llama.cpp's adapters of one model. A context computes with one at a time, so that a step takes calls for each adapter in it.</summary>
internal sealed class LlamaAdapterStore(LlamaModel model, LlamaContext context, LoraBase fit) : IAdapterStore, IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, (LlamaAdapter Adapter, long Bytes)> loaded = [];
    private int last;

    public long Bytes
    {
        get
        {
            lock (gate)
                return loaded.Values.Sum(entry => entry.Bytes);
        }
    }

    public int Load(LoraFile file)
    {
        fit.RequireFit(file);
        lock (gate)
        {
            var adapter = LlamaAdapter.Open(model, file.Path);
            loaded.Add(++last, (adapter, new FileInfo(file.Path).Length));
            return last;
        }
    }

    public void Unload(int number)
    {
        lock (gate)
        {
            if (!loaded.Remove(number, out var entry))
                return;

            // The context may hold what it computed with last.
            context.Use(null, 0);
            entry.Adapter.Dispose();
        }
    }

    /// <summary>What the rows of that use are computed with: null = the base alone.</summary>
    /// <exception cref="ArgumentException">It is not loaded.</exception>
    public LlamaAdapter? Find(AdapterUse use)
    {
        if (use.IsNone)
            return null;
        lock (gate)
            return loaded.TryGetValue(use.Number, out var entry) ? entry.Adapter : throw new ArgumentException($"Adapter {use.Number} is not loaded.", nameof(use));
    }

    /// <summary>After the context has gone.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var entry in loaded.Values)
                entry.Adapter.Dispose();
            loaded.Clear();
        }
    }
}
