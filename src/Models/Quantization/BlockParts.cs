using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Penstock.Models.Quantization;

/// <summary>
/// A block of a quantized type, taken apart: value <c>i</c> of group <c>g</c> is <c>Scale·Scales[g]·(Levels[i] - offset) - Minimum·Minima[g]</c>, each product
/// rounded to single precision.
/// </summary>
/// <remarks>
/// The offset is half of the levels for types without minima (Q4_0, Q5_0, Q3_K, Q6_K), which leave <see cref="Minimum"/> 0, and 0 for the others.
/// Types with blocks of 32 have one group, whose integers are 1.
/// </remarks>
[SuppressMessage("Design", "CA1051", Justification = "A buffer that kernels fill and read in place.")]
[SuppressMessage("Performance", "CA1815", Justification = "Nobody compares blocks.")]
public struct BlockParts
{
    /// <summary>Values of a K type's block; other types use the first 32.</summary>
    public const int Size = 256;

    /// <summary>Most groups of a block.</summary>
    public const int MostGroups = 16;

    /// <summary>What a group's scale counts in.</summary>
    public Half Scale;

    /// <summary>What a group's minimum counts in; it is subtracted.</summary>
    public Half Minimum;

    public GroupNumbers Scales;

    public GroupNumbers Minima;

    public LevelNumbers Levels;

    /// <summary>An integer for each group; the first 8 count where groups have 32 values.</summary>
    [InlineArray(MostGroups)]
    [SuppressMessage("Design", "CA1034", Justification = "Storage of this struct only.")]
    [SuppressMessage("Performance", "CA1815", Justification = "Nobody compares blocks.")]
    public struct GroupNumbers
    {
        private sbyte first;
    }

    /// <summary>A level for each value, from 0.</summary>
    [InlineArray(Size)]
    [SuppressMessage("Design", "CA1034", Justification = "Storage of this struct only.")]
    [SuppressMessage("Performance", "CA1815", Justification = "Nobody compares blocks.")]
    public struct LevelNumbers
    {
        private byte first;
    }
}
