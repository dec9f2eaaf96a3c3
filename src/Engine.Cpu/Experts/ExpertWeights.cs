using Penstock.Engine.Cpu.Matrices;

namespace Penstock.Engine.Cpu.Experts;

/// <summary>The weights of one layer of experts (Shazeer et al. 2017): a router and, for each expert, a gated feed-forward layer. All experts have one shape and type.</summary>
internal sealed record ExpertWeights
{
    /// <summary>One output an expert.</summary>
    public required PackedMatrix Router { get; init; }

    public required PackedMatrix[] Gate { get; init; }

    public required PackedMatrix[] Up { get; init; }

    public required PackedMatrix[] Down { get; init; }

    /// <summary>Experts that compute a row.</summary>
    public required int Used { get; init; }

    /// <summary>Whether the weights of a row's experts are made to sum to 1 (Mixtral, Qwen 3); else they are what the softmax over all gave them.</summary>
    public required bool Normalized { get; init; }

    public int Count => Gate.Length;

    public bool QuantizedInput => Router.QuantizedInput || Gate[0].QuantizedInput || Up[0].QuantizedInput;

    /// <summary>Bytes of one expert's weights.</summary>
    public long BytesOfOne => Gate[0].Bytes + Up[0].Bytes + Down[0].Bytes;

    /// <summary>Bytes that one row reads: the router and the experts that it uses.</summary>
    public long BytesPerRow => Router.Bytes + (Used * BytesOfOne);

    public long MultiplyAddsPerRow => Products(Router) + (Used * (Products(Gate[0]) + Products(Up[0]) + Products(Down[0])));

    private static long Products(PackedMatrix matrix) => (long)matrix.Rows * matrix.Columns;
}
