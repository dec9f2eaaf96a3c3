using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>The rotary table of each layer; layers with the same rotation share one.</summary>
internal sealed class RopeTables : IDisposable
{
    private readonly Dictionary<RopeDescription, RopeTable> tables = [];
    private readonly RopeTable?[] layers;

    /// <param name="ropes">The rotation of each layer; null: none.</param>
    /// <param name="order">Which dimensions turn together.</param>
    /// <param name="factors">Divisors of the frequencies, one a pair, or empty.</param>
    /// <param name="contextLength">Positions to provide for.</param>
    /// <param name="trainedContext">The model's context length.</param>
    public RopeTables(IEnumerable<RopeDescription?> ropes, RopeOrder order, ReadOnlySpan<float> factors, int contextLength, int trainedContext)
    {
        var all = ropes.ToArray();
        layers = new RopeTable?[all.Length];
        for (var layer = 0; layer < all.Length; layer++)
        {
            if (all[layer] is not { } rope)
                continue;
            if (!tables.TryGetValue(rope, out var table))
                tables[rope] = table = new RopeTable(rope, order, factors, contextLength, trainedContext);
            layers[layer] = table;
        }
    }

    /// <summary>The layer's table, or null where it has no positions.</summary>
    public RopeTable? this[int layer] => layers[layer];

    /// <summary>Bytes of the tables of such layers: one for each rotation that differs.</summary>
    /// <param name="ropes">The rotation of each layer; null: none.</param>
    /// <param name="contextLength">Positions to provide for.</param>
    public static long Bytes(IEnumerable<RopeDescription?> ropes, int contextLength) =>
        ropes.OfType<RopeDescription>().Distinct().Sum(rope => (long)contextLength * rope.Width * sizeof(float));

    /// <summary>Makes sure that positions below <paramref name="positions"/> are there. Caller's thread only.</summary>
    public void Extend(int positions)
    {
        foreach (var table in tables.Values)
            table.Extend(positions);
    }

    public void Dispose()
    {
        foreach (var table in tables.Values)
            table.Dispose();
    }
}
