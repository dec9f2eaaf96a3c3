using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// Thirty-two quantized activations with what kernels need to know of them: one cache line. The sums undo the offsets that make packed weights
/// unsigned: <c>Σ(w + c)·x - c·Σx = Σw·x</c>, in exact integer arithmetic.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct Q8Block
{
    /// <summary>Values in a block, as in ggml's <c>Q8_0</c>.</summary>
    public const int Size = 32;

    /// <summary>The activations, in quanta of -127 to 127.</summary>
    public fixed sbyte Quants[Size];

    /// <summary>Value of one quantum.</summary>
    public float Scale;

    /// <summary>-Σx.</summary>
    public int NegatedSum;

    /// <summary>-Σx of the lower and of the upper 16 values.</summary>
    public fixed int NegatedHalfSums[2];

    /// <summary>Σx times the scale: what weights' minima are multiplied by.</summary>
    public float ScaledSum;

    /// <summary>The same of the halves.</summary>
    public fixed float ScaledHalfSums[2];
}
