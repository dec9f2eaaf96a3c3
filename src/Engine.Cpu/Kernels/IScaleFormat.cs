using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// How the scales of a panel of 16 weight rows lie in memory. A unit is what one file block gives: half-precision units for scales (and minima) of 16
/// rows, then for each 32 columns the rows' integers, bytes even where the file packs them into fewer bits.
/// </summary>
internal unsafe interface IScaleFormat
{
    /// <summary>Bytes of integers for 32 columns, where there are any.</summary>
    const int BlockIntegers = 32;

    /// <summary>Blocks of 32 columns that share a unit: 1 or 8.</summary>
    static abstract int Blocks { get; }

    /// <summary>Bytes of a unit.</summary>
    static abstract int UnitBytes { get; }

    /// <summary>Where in a unit the integers of its first block are.</summary>
    static abstract int IntegersAt { get; }

    /// <summary>Whether the two halves of a block of 32 have scales of their own.</summary>
    static abstract bool Split { get; }

    /// <summary>Whether there are minima. Without them levels are read with half of the levels as 0.</summary>
    static abstract bool HasMinima { get; }

    /// <summary>Units of the scales, and of the minima with the sign with which they are added.</summary>
    static abstract (TLanes Scale, TLanes Minimum) Units<TLanes>(byte* unit)
        where TLanes : struct, IPanelLanes<TLanes>;

    /// <summary>The units times the integers of half a block (of a whole one where <see cref="Split"/> is false). The product is exact.</summary>
    /// <param name="units">Units of the scales.</param>
    /// <param name="integers">The integers of the block.</param>
    /// <param name="half">0 or 1; a constant at the place of the call.</param>
    static abstract TLanes Scales<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes>;

    /// <inheritdoc cref="Scales"/>
    static abstract TLanes Minima<TLanes>(TLanes units, byte* integers, int half)
        where TLanes : struct, IPanelLanes<TLanes>;

    /// <summary>Takes one row's numbers from a file block.</summary>
    static abstract void Write(byte* unit, int row, in BlockParts parts);

    /// <summary>Scale and minimum (to be added) of a row in half a block.</summary>
    static abstract (float Scale, float Minimum) Read(byte* unit, int row, int block, int half);
}
