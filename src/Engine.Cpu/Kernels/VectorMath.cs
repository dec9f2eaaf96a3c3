using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Elementary functions and reductions of 16 lanes in a fixed order.</summary>
internal static class VectorMath
{
    /// <inheritdoc cref="LaneMath{TLanes, TVector}.Exp"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x) => LaneMath<Lanes256, Vector256<float>>.Exp(x);

    /// <summary>x·sigmoid(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Silu(Vector256<float> x) => x / (Vector256<float>.One + Exp(-x));

    /// <summary>GELU in its tanh form (Hendrycks and Gimpel 2016): x·½(1 + tanh(√(2/π)(x + 0.044715x³))), which is x·sigmoid of twice that argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gelu(Vector256<float> x)
    {
        const float TwiceRootOfTwoOverPi = 1.59576912160573071f;
        var argument = Vector256.FusedMultiplyAdd(x * x * x, Vector256.Create(0.044715f), x) * Vector256.Create(TwiceRootOfTwoOverPi);
        return x / (Vector256<float>.One + Exp(-argument));
    }

    /// <inheritdoc cref="LaneMath{TLanes, TVector}.Tanh"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x) => LaneMath<Lanes256, Vector256<float>>.Tanh(x);

    /// <summary>Sum of 16 lanes as a fixed tree: lanes 8 apart first, then 4, 2 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> a, Vector256<float> b)
    {
        var eight = a + b;
        var four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    /// <summary>Largest of 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector256<float> a, Vector256<float> b)
    {
        var eight = Vector256.Max(a, b);
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[2]), MathF.Max(four[1], four[3]));
    }
}
