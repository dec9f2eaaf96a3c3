using System.Runtime.CompilerServices;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>
/// 256 values of a K type, taken apart: value = <c>Scale·Scales[g]·(Levels[i] - offset) - Minimum·Minima[g]</c>, with <c>g</c> the group of value <c>i</c>.
/// Types without minima leave them 0.
/// </summary>
internal struct Superblock
{
    public const int Size = 256;
    public const int MostGroups = 16;

    public Half Scale;

    public Half Minimum;

    public GroupNumbers Scales;

    public GroupNumbers Minima;

    public LevelNumbers Levels;

    /// <summary>An integer for each group; the first 8 count where groups have 32 values.</summary>
    [InlineArray(MostGroups)]
    public struct GroupNumbers
    {
        private sbyte first;
    }

    /// <summary>A level for each value, from 0.</summary>
    [InlineArray(Size)]
    public struct LevelNumbers
    {
        private byte first;
    }
}
