using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// What a kernel needs to know of 32 quantized activations beside their bytes. The corrections undo the offsets that make
/// packed weights unsigned: <c>Σ(w + c)·x - c·Σx = Σw·x</c>, in exact integer arithmetic.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Q8Block
{
    /// <summary>Values in a block, as in ggml's <c>Q8_0</c>.</summary>
    public const int Size = 32;

    /// <summary>Value of one quantum.</summary>
    public float Scale;

    /// <summary>-128·Σx.</summary>
    public int Correction128;

    /// <summary>-8·Σx.</summary>
    public int Correction8;

    /// <summary>Σx of the lower 16 values.</summary>
    public int LowSum;

    /// <summary>Σx of the upper 16.</summary>
    public int HighSum;

    /// <summary><see cref="LowSum"/> times the scale: what weights' minima are multiplied by.</summary>
    public float ScaledLowSum;

    /// <inheritdoc cref="ScaledLowSum"/>
    public float ScaledHighSum;

    /// <summary>The sum of all values times the scale.</summary>
    public float ScaledSum;
}
