using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>What happens to one row on its own. Orders of summation depend on the width only. Rows are padded to 16 floats, so whole vectors may be written.</summary>
internal static unsafe class RowKernels
{
    private const int Width = 16;

    /// <summary><c>x += delta</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Add(float* x, float* delta, int columns)
    {
        for (var i = 0; i < columns; i += 8)
            (Vector256.Load(x + i) + Vector256.Load(delta + i)).Store(x + i);
    }

    /// <summary>
    /// Root mean square norm (Zhang and Sennrich 2019): <c>y = x / sqrt(mean(x²) + epsilon) · weight</c>. Sixteen running sums, then a fixed
    /// tree, then the odd columns in order. <paramref name="y"/> may be <paramref name="x"/>; nothing behind the columns is written.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void RmsNorm(float* x, float* weight, float* y, int columns, float epsilon)
    {
        Vector256<float> a = default, b = default;
        var whole = columns / Width * Width;
        for (var i = 0; i < whole; i += Width)
        {
            var (low, high) = (Vector256.Load(x + i), Vector256.Load(x + i + 8));
            a = Vector256.FusedMultiplyAdd(low, low, a);
            b = Vector256.FusedMultiplyAdd(high, high, b);
        }

        var sum = VectorMath.Sum(a, b);
        for (var i = whole; i < columns; i++)
            sum = MathF.FusedMultiplyAdd(x[i], x[i], sum);

        var factor = 1f / MathF.Sqrt((sum / columns) + epsilon);
        var vectors = columns / 8 * 8;
        for (var i = 0; i < vectors; i += 8)
            (Vector256.Load(x + i) * factor * Vector256.Load(weight + i)).Store(y + i);
        for (var i = vectors; i < columns; i++)
            y[i] = x[i] * factor * weight[i];
    }

    /// <summary><c>gate = silu(gate)·up</c> (Shazeer 2020).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void SwiGlu(float* gate, float* up, int columns)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            for (var i = 0; i < columns; i += Width)
                (Silu(Vector512.Load(gate + i)) * Vector512.Load(up + i)).Store(gate + i);
            return;
        }

        for (var i = 0; i < columns; i += 8)
            (VectorMath.Silu(Vector256.Load(gate + i)) * Vector256.Load(up + i)).Store(gate + i);
    }

    /// <summary><c>gate = gelu(gate)·up</c> (Shazeer 2020).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void GeGlu(float* gate, float* up, int columns)
    {
        for (var i = 0; i < columns; i += 8)
            (VectorMath.Gelu(Vector256.Load(gate + i)) * Vector256.Load(up + i)).Store(gate + i);
    }

    /// <summary><c>x *= factor</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Scale(float* x, float factor, int columns)
    {
        for (var i = 0; i < columns; i += 8)
            (Vector256.Load(x + i) * factor).Store(x + i);
    }

    /// <summary><c>x = cap·tanh(x / cap)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void SoftCap(float* x, float cap, int columns)
    {
        var inverse = 1 / cap;
        for (var i = 0; i < columns; i += 8)
            (VectorMath.Tanh(Vector256.Load(x + i) * inverse) * cap).Store(x + i);
    }

    /// <summary>
    /// Blocks of 32 to bytes in -127..127 with one scale, to nearest even. Whatever the input, the bytes stay in that range:
    /// NaN and infinities travel in the scale. Blocks too small to divide by become 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Quantize(float* values, Q8Block* blocks, int columns)
    {
        for (var block = blocks; block < blocks + (columns / Q8Block.Size); block++, values += Q8Block.Size)
        {
            if (Vector512.IsHardwareAccelerated)
                QuantizeWide(values, block);
            else
                Quantize(values, block);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quantize(float* values, Q8Block* block)
    {
        var (v0, v1) = (Vector256.Load(values), Vector256.Load(values + 8));
        var (v2, v3) = (Vector256.Load(values + 16), Vector256.Load(values + 24));
        var largest = VectorMath.Max(Vector256.Max(Vector256.Abs(v0), Vector256.Abs(v1)), Vector256.Max(Vector256.Abs(v2), Vector256.Abs(v3)));
        var inverse = Vector256.Create(Inverse(largest));
        var (q0, q1, q2, q3) = (ToInt(v0 * inverse), ToInt(v1 * inverse), ToInt(v2 * inverse), ToInt(v3 * inverse));
        Vector256.Narrow(Vector256.Narrow(q0, q1), Vector256.Narrow(q2, q3)).Store(block->Quants);
        Finish(block, largest, q0 + q1, q2 + q3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuantizeWide(float* values, Q8Block* block)
    {
        var (v0, v1) = (Vector512.Load(values), Vector512.Load(values + 16));
        var all = Vector512.Max(Vector512.Abs(v0), Vector512.Abs(v1));
        var largest = VectorMath.Max(all.GetLower(), all.GetUpper());
        var inverse = Vector512.Create(Inverse(largest));
        var (q0, q1) = (ToInt(v0 * inverse), ToInt(v1 * inverse));
        var words = Vector512.Narrow(q0, q1);
        Vector256.Narrow(words.GetLower(), words.GetUpper()).Store(block->Quants);
        Finish(block, largest, q0.GetLower() + q0.GetUpper(), q1.GetLower() + q1.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Inverse(float largest) => largest > 1e-35f ? 127f / largest : 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Q8Block* block, float largest, Vector256<int> lower, Vector256<int> upper)
    {
        var (low, high) = Sums(lower, upper);
        var scale = largest > 1e-35f || float.IsNaN(largest) ? largest / 127f : 0f;
        block->Scale = scale;
        (block->NegatedSum, block->NegatedHalfSums[0], block->NegatedHalfSums[1]) = (-(low + high), -low, -high);
        (block->ScaledSum, block->ScaledHalfSums[0], block->ScaledHalfSums[1]) = (scale * (low + high), scale * low, scale * high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Silu(Vector512<float> x) => x / (Vector512<float>.One + LaneMath<Lanes512, Vector512<float>>.Exp(-x));

    // Both at once: half of the shuffles.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Low, int High) Sums(Vector256<int> low, Vector256<int> high)
    {
        var (a, b) = (low.GetLower() + low.GetUpper(), high.GetLower() + high.GetUpper());
        var pairs = Vector256.Create(a, b);
        pairs += Vector256.Shuffle(pairs, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5));
        pairs += Vector256.Shuffle(pairs, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
        return (pairs[0], pairs[4]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> ToInt(Vector256<float> scaled)
    {
        var bounded = Vector256.Min(Vector256.Max(scaled, Vector256.Create(-127f)), Vector256.Create(127f));
        return Vector256.ConvertToInt32(Vector256.Round(bounded));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> ToInt(Vector512<float> scaled)
    {
        var bounded = Vector512.Min(Vector512.Max(scaled, Vector512.Create(-127f)), Vector512.Create(127f));
        return Vector512.ConvertToInt32(Vector512.Round(bounded));
    }
}
