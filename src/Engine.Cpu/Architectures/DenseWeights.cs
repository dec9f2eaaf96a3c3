using Penstock.Engine.Cpu.Matrices;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>A gated multilayer perceptron: <c>Down · (activation(Gate · x) ∘ (Up · x))</c>.</summary>
internal sealed record DenseWeights(PackedMatrix Gate, PackedMatrix Up, PackedMatrix Down) : FeedForwardWeights
{
    public override bool QuantizedInput => Gate.QuantizedInput || Up.QuantizedInput;

    public override long BytesPerStep => Gate.Bytes + Up.Bytes + Down.Bytes;

    public override long MultiplyAddsPerRow => 3L * Gate.Rows * Gate.Columns;

    public static DenseWeights Load(ModelDescription model, Blueprint blueprint, TensorLoader loader, string prefix)
    {
        var (width, wide) = (model.EmbeddingWidth, model.FeedForwardWidth);
        var (fused, first) = blueprint.FusedGateUp ? (2 * wide, wide) : (wide, 0);
        return new DenseWeights(
            loader.Matrix(prefix + (blueprint.FusedGateUp ? "ffn_up.weight" : "ffn_gate.weight"), wide, width, of: fused),
            loader.Matrix(prefix + "ffn_up.weight", wide, width, first, fused),
            loader.Matrix(prefix + "ffn_down.weight", width, wide));
    }
}
