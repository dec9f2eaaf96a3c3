using System.Collections.Concurrent;
using System.Globalization;
using Penstock.Engine.Running;
using Penstock.Engine.Sampling;
using Penstock.Models.Adapters;

namespace Penstock.Engine.Simulation;

/// <summary>Adapters that change what a <see cref="SimulatedRunner"/> says and nothing else: any file fits.</summary>
internal sealed class SimulatedAdapterStore : IAdapterStore
{
    private readonly ConcurrentDictionary<int, ulong> loaded = new();
    private int numbers;

    public long Bytes => loaded.Count;

    public int Load(LoraFile file)
    {
        file.RequireFinite();
        var number = Interlocked.Increment(ref numbers);
        loaded[number] = ulong.Parse(file.Digest.AsSpan(file.Digest.IndexOf(':', StringComparison.Ordinal) + 1, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return number;
    }

    public void Unload(int number) => loaded.TryRemove(number, out _);

    /// <summary>What it changes: 0 for none.</summary>
    /// <exception cref="ArgumentException">It is not loaded.</exception>
    public ulong Key(AdapterUse adapter) =>
        adapter.IsNone ? 0
        : loaded.TryGetValue(adapter.Number, out var key) ? CounterRandom.Bits(key, BitConverter.SingleToUInt32Bits(adapter.Scale))
        : throw new ArgumentException($"The adapter {adapter.Number} is not loaded.", nameof(adapter));
}
