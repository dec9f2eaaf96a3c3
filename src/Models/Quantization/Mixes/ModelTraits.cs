using Penstock.Models.Gguf;

namespace Penstock.Models.Quantization.Mixes;

/// <summary>What a mix depends on beside the tensors' names.</summary>
/// <param name="Layers">Layers of the model.</param>
/// <param name="QueriesPerKey">Query heads that share a key head.</param>
/// <param name="Experts">Experts a layer; 0 for a dense model.</param>
/// <param name="ValueMatrices">Matrices of the role attention value, and fused ones.</param>
/// <param name="TiedOutput">The token embeddings serve as output.</param>
internal sealed record ModelTraits(int Layers, int QueriesPerKey, int Experts, int ValueMatrices, bool TiedOutput)
{
    /// <summary>The largest dense models share one value head among eight queries; llama.cpp knows them by their layers.</summary>
    public bool HasWideSharing => Layers == 80 && QueriesPerKey > 1;

    public static ModelTraits Of(GgufMetadata metadata, IReadOnlyCollection<string> names)
    {
        var architecture = metadata.StringOrDefault("general.architecture", "") ?? "";
        var heads = First("attention.head_count", 1);
        return new(
            Layers: First("block_count", 0),
            QueriesPerKey: Math.Max(1, heads / Math.Max(1, First("attention.head_count_kv", heads))),
            Experts: First("expert_count", 0),
            ValueMatrices: names.Count(name => TensorRoles.Of(name) is TensorRole.AttentionValue or TensorRole.AttentionQueryKeyValue),
            TiedOutput: !names.Contains("output.weight"));

        // Some architectures give a number for each layer.
        int First(string key, int otherwise)
        {
            var full = $"{architecture}.{key}";
            if (!metadata.TryGet(full, out var value))
                return otherwise;
            return value!.Type == GgufValueType.Array ? metadata.Int32s(full).FirstOrDefault(value => value > 0, otherwise) : metadata.Int32(full);
        }
    }
}
