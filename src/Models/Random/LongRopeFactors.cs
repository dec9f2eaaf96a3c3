namespace Penstock.Models.Random;

/// <summary>Divisors of the rotary frequencies in the manner of Phi 3's: near 1 for the fast pairs, up to the context's factor for the slow ones (Ding et al. 2024 search for them).</summary>
internal static class LongRopeFactors
{
    public static float[] For(int headWidth, float factor)
    {
        var factors = new float[headWidth / 2];
        for (var i = 0; i < factors.Length; i++)
            factors[i] = 1.02f + ((1.05f * factor - 1) * i / factors.Length);
        return factors;
    }
}
