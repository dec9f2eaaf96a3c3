using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Phases;

/// <summary>Rows of step buffers are padded, so that kernels may write whole panels and vectors.</summary>
internal static class Strides
{
    /// <summary>Floats from one row to the next for rows of <paramref name="columns"/>.</summary>
    public static int For(int columns) => (columns + Q8Block.Size - 1) / Q8Block.Size * Q8Block.Size;
}
