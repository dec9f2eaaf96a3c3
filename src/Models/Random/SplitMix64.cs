namespace Penstock.Models.Random;

/// <summary>SplitMix64 (Steele, Lea and Flood, 2014): the same numbers on every machine and .NET version, and a start from any key.</summary>
internal struct SplitMix64(ulong start)
{
    private const ulong Golden = 0x9e37_79b9_7f4a_7c15;

    private ulong state = start;

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58_476d_1ce4_e5b9;
        value = (value ^ (value >> 27)) * 0x94d0_49bb_1331_11eb;
        return value ^ (value >> 31);
    }

    public ulong Next() => Mix(state += Golden);

    /// <summary>From 0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(((UInt128)Next() * (ulong)bound) >> 64);
}
