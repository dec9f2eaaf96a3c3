using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>A <see cref="LayerAttention"/> as the kernels apply it: from the product of query and key to a score.</summary>
internal readonly struct ScoreRule(LayerAttention settings, int headWidth)
{
    private readonly float scale = settings.Scale > 0 ? settings.Scale : 1f / MathF.Sqrt(headWidth);
    private readonly float cap = settings.SoftCap;
    private readonly int window = settings.Window > 0 ? settings.Window : int.MaxValue;

    /// <summary>Scales, caps and hides what the query at <paramref name="position"/> does not see.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(Vector256<float> products, Vector256<int> tokens, int position)
    {
        var scores = products * Vector256.Create(scale);
        if (cap > 0)
            scores = Vector256.Create(cap) * VectorMath.Tanh(scores / Vector256.Create(cap));

        var age = Vector256.Create(position) - tokens;
        var seen = Vector256.GreaterThanOrEqual(age, Vector256<int>.Zero) & Vector256.LessThan(age, Vector256.Create(window));
        return Vector256.ConditionalSelect(seen.AsSingle(), scores, Vector256.Create(float.NegativeInfinity));
    }
}
