using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// How a panel of 16 weight rows lies in memory for one block of 32 columns: four steps, step <c>j</c> giving columns
/// <c>4j..4j+3</c> (<c>Low</c>) and <c>16+4j..16+4j+3</c> (<c>High</c>) of rows 0-7 (<c>A</c>) and 8-15 (<c>B</c>), four bytes a row.
/// </summary>
internal unsafe interface IQuantFormat
{
    /// <summary>Bytes of one of the four steps.</summary>
    static abstract int StepBytes { get; }

    /// <summary>Integer that the sums of a block begin with, so that the offset of the packed weights cancels.</summary>
    static abstract int Correction(in Q8Block block);

    static abstract void Load(byte* step, out Vector256<byte> lowA, out Vector256<byte> lowB, out Vector256<byte> highA, out Vector256<byte> highB);
}
