using Penstock.Engine.Cpu.Architectures;
using Penstock.Engine.Cpu.Matrices;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>The matrices of a model to which adapters apply, numbered in the order in which a step comes to them: all through which every row passes.</summary>
internal sealed class AdapterTargets
{
    private static readonly WeightName[] Names = Enum.GetValues<WeightName>();

    private readonly ILookup<string, AdapterTarget> targets;

    public AdapterTargets(DecoderWeights weights)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        Count = Output(weights) + 1;
        targets = Matrices(weights).Select(matrix => Target(matrix.Number, matrix.Matrix)).ToLookup(target => target.Tensor, StringComparer.Ordinal);

        // Where matrices share a tensor (fused projections) they are its rows one after the other.
        AdapterTarget Target(int number, PackedMatrix matrix)
        {
            var first = rows.GetValueOrDefault(matrix.Name);
            rows[matrix.Name] = first + matrix.Rows;
            return new AdapterTarget(matrix.Name, number, first, matrix.Rows, matrix.QuantizedInput);
        }
    }

    /// <summary>One more than the largest number.</summary>
    public int Count { get; }

    /// <summary>The number of the output matrix.</summary>
    public static int Output(DecoderWeights weights) => weights.Layers.Length * Names.Length;

    /// <summary>The number of a layer's matrix.</summary>
    public static int Number(int layer, WeightName name) => (layer * Names.Length) + (int)name;

    /// <summary>The matrices that a tensor holds; none where adapters do not apply to it.</summary>
    public IEnumerable<AdapterTarget> Of(string tensor) => targets[tensor];

    private static IEnumerable<(int Number, PackedMatrix Matrix)> Matrices(DecoderWeights weights)
    {
        for (var layer = 0; layer < weights.Layers.Length; layer++)
        {
            var names = weights.Layers[layer].FeedForward is DenseWeights ? Names : Names.Where(name => name < WeightName.Gate);
            foreach (var name in names)
                yield return (Number(layer, name), weights.Layers[layer][name]);
        }

        if (weights.Output != weights.Embedding)
            yield return (Output(weights), weights.Output);
    }
}
