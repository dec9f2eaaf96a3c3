using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// How the levels of a panel of 16 weight rows lie in memory for one block of 32 columns: four steps of 8 columns, step <c>j</c> giving columns
/// <c>8j..8j+3</c> (<c>First</c>) and <c>8j+4..8j+7</c> (<c>Second</c>) of rows 0-7 (<c>A</c>) and 8-15 (<c>B</c>), four bytes a row.
/// </summary>
internal unsafe interface ILevelFormat
{
    /// <summary>Bytes of a block: 512 levels.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Levels; they start at 0 and fit 7 bits.</summary>
    static abstract int Levels { get; }

    /// <param name="block">Start of the block.</param>
    /// <param name="step">A constant at the place of the call, so that shifts are folded.</param>
    static abstract void Load(byte* block, int step, out Vector256<byte> firstA, out Vector256<byte> firstB, out Vector256<byte> secondA, out Vector256<byte> secondB);

    /// <summary>Stores a row of a block.</summary>
    /// <param name="levels">32 levels, a byte each.</param>
    static abstract void Write(byte* block, int row, byte* levels);

    static abstract int Read(byte* block, int row, int column);
}
