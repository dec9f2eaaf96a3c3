using Penstock.Engine.Cpu.Architectures;
using Penstock.Engine.Cpu.Matrices;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>The matrices of a model to which adapters apply: all through which every row passes.</summary>
internal static class AdapterTargets
{
    /// <summary>By tensor. Where matrices share a tensor (fused projections) they are its rows one after the other.</summary>
    public static ILookup<string, (int FirstRow, PackedMatrix Matrix)> Of(DecoderWeights weights)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        return Matrices(weights).Select(matrix => (FirstRow: Next(matrix), Matrix: matrix)).ToLookup(target => target.Matrix.Name, StringComparer.Ordinal);

        int Next(PackedMatrix matrix)
        {
            var first = rows.GetValueOrDefault(matrix.Name);
            rows[matrix.Name] = first + matrix.Rows;
            return first;
        }
    }

    private static IEnumerable<PackedMatrix> Matrices(DecoderWeights weights)
    {
        foreach (var layer in weights.Layers)
        {
            yield return layer.Query;
            yield return layer.Key;
            yield return layer.Value;
            yield return layer.AttentionOutput;
            if (layer.FeedForward is not DenseWeights dense)
                continue;

            yield return dense.Gate;
            yield return dense.Up;
            yield return dense.Down;
        }

        if (weights.Output != weights.Embedding)
            yield return weights.Output;
    }
}
