namespace Penstock.Models.Random;

/// <summary>The frequency divisors of Llama 3.1 (factor 8, low 1, high 4, trained on 8,192 positions), as converters write them to <c>rope_freqs.weight</c>.</summary>
internal static class Llama3RopeFactors
{
    private const float Factor = 8, LowFrequency = 1, HighFrequency = 4, OriginalContext = 8_192;

    public static float[] For(int headWidth, float ropeBase)
    {
        var factors = new float[headWidth / 2];
        for (var i = 0; i < factors.Length; i++)
        {
            var wavelength = 2 * MathF.PI * MathF.Pow(ropeBase, 2f * i / headWidth);
            var smooth = Math.Clamp((OriginalContext / wavelength - LowFrequency) / (HighFrequency - LowFrequency), 0, 1);
            factors[i] = 1 / ((1 - smooth) / Factor + smooth);
        }

        return factors;
    }
}
