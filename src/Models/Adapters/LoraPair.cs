using Penstock.Models.Gguf;

namespace Penstock.Models.Adapters;

/// <summary>What an adapter adds to one matrix <c>W</c> of its base: <c>y = Wx + s·B(Ax)</c>.</summary>
/// <param name="Target">The base's tensor, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="A">From the inputs to the rank: shape <c>[inputs, rank]</c> in ggml's order.</param>
/// <param name="B">From the rank to the outputs: shape <c>[rank, outputs]</c>.</param>
/// <param name="Scale">alpha / rank; 1 where alpha is 0, as in llama.cpp. A request's own scale comes on top.</param>
public sealed record LoraPair(string Target, GgufTensor A, GgufTensor B, float Scale)
{
    /// <summary>Inner width.</summary>
    public int Rank => (int)A.Shape[1];

    /// <summary>Columns of the target.</summary>
    public long Inputs => A.Shape[0];

    /// <summary>Rows of the target.</summary>
    public long Outputs => B.Shape[1];
}
