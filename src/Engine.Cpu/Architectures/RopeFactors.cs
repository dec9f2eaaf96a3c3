using Penstock.Engine.Cpu.Matrices;
using Penstock.Models.Description;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>Divisors of the rotary frequencies, one a pair: one set for all contexts (Llama 3), or LongRoPE's for short and for long ones, or none.</summary>
internal sealed record RopeFactors(WeightVector? Always, WeightVector? Short, WeightVector? Long, int LongAbove)
{
    public static RopeFactors Load(ModelDescription model, TensorLoader loader)
    {
        WeightVector? Optional(string? name) => name is null ? null : loader.Vector(name, model.RopeWidth / 2);
        var rope = model.Rope;
        if ((rope.ShortFactorsTensor is null) != (rope.LongFactorsTensor is null) || (rope.Scaling == RopeScaling.LongRope && rope.LongFactorsTensor is null))
            throw loader.Fault("of the tensors rope_factors_short.weight and rope_factors_long.weight at least one is missing", "Convert the model again with a current converter.");

        return new RopeFactors(Optional(rope.FactorsTensor), Optional(rope.ShortFactorsTensor), Optional(rope.LongFactorsTensor), rope.OriginalContextLength ?? model.ContextLength);
    }

    /// <summary>Whether a context gets LongRoPE's divisors for long ones: by its length, as in llama.cpp, and not by the prompt's, or stored keys would have to be rotated again.</summary>
    public bool UsesLong(int contextLength) => Always is null && Long is not null && contextLength > LongAbove;

    public ReadOnlySpan<float> For(int contextLength)
    {
        var chosen = Always ?? (UsesLong(contextLength) ? Long : Short);
        return chosen is null ? default : chosen.Span;
    }
}
