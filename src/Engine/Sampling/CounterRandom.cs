namespace Penstock.Engine.Sampling;

/// <summary>
/// Random numbers without a state: each is a hash of what it is for, as in Salmon et al. 2011 ("as easy as 1, 2, 3"), with
/// SplitMix64's finalizer (Steele et al. 2014) as the hash. So a choice does not depend on what else ran, nor on being resumed.
/// </summary>
public static class CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>A number in [0, 1) with 53 random bits for one token of one choice.</summary>
    public static double Uniform(ulong seed, int choice, int position) =>
        (Mix(Mix(seed + Golden) + (((ulong)(uint)choice << 32) | (uint)position)) >> 11) * (1.0 / (1UL << 53));

    /// <summary>The <paramref name="index"/>th 64-bit number of a stream.</summary>
    public static ulong Bits(ulong seed, ulong index) => Mix(seed + ((index + 1) * Golden));

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
