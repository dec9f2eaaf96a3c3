using Penstock.Engine.Cpu.Architectures;
using Penstock.Engine.Cpu.Matrices;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Experts;

/// <summary>The weights of one layer of experts (Shazeer et al. 2017): a router and, for each expert, a gated perceptron. All experts have one shape and type.</summary>
internal sealed record ExpertWeights : FeedForwardWeights
{
    /// <summary>One output an expert.</summary>
    public required PackedMatrix Router { get; init; }

    public required PackedMatrix[] Gate { get; init; }

    public required PackedMatrix[] Up { get; init; }

    public required PackedMatrix[] Down { get; init; }

    /// <summary>Experts that compute a row.</summary>
    public required int Used { get; init; }

    /// <summary>Whether the weights of a row's experts are made to sum to 1; else they are what the softmax over all gave them.</summary>
    public required bool Normalized { get; init; }

    public int Count => Gate.Length;

    public override bool QuantizedInput => Router.QuantizedInput || Gate[0].QuantizedInput || Up[0].QuantizedInput;

    /// <summary>Bytes of one expert's weights.</summary>
    public long BytesOfOne => Gate[0].Bytes + Up[0].Bytes + Down[0].Bytes;

    /// <summary>Bytes that one row reads: the router and the experts that it uses.</summary>
    public override long BytesPerStep => Router.Bytes + (Used * BytesOfOne);

    public override long MultiplyAddsPerRow => Products(Router) + (Used * (Products(Gate[0]) + Products(Up[0]) + Products(Down[0])));

    public static ExpertWeights Load(ModelDescription model, ExpertDescription experts, Blueprint blueprint, TensorLoader loader, string prefix)
    {
        var (count, width) = (experts.Count, model.EmbeddingWidth);
        var wide = blueprint.ExpertWidth > 0 ? blueprint.ExpertWidth : model.FeedForwardWidth;
        return new ExpertWeights
        {
            Router = loader.Matrix(prefix + "ffn_gate_inp.weight", count, width),
            Gate = loader.Experts(prefix + "ffn_gate_exps.weight", count, wide, width),
            Up = loader.Experts(prefix + "ffn_up_exps.weight", count, wide, width),
            Down = loader.Experts(prefix + "ffn_down_exps.weight", count, width, wide),
            Used = experts.Used,
            Normalized = blueprint.NormalizedExperts,
        };
    }

    private static long Products(PackedMatrix matrix) => (long)matrix.Rows * matrix.Columns;
}
