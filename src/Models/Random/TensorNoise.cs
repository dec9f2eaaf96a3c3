using Penstock.Models.Gguf;

namespace Penstock.Models.Random;

/// <summary>The values of one random tensor: a nearly normal distribution whose scale keeps activations and logits near 1.</summary>
/// <param name="Key">What makes this tensor's numbers its own; with the row they give the generator's start, so rows can be made in any order.</param>
internal readonly record struct TensorNoise(ulong Key, float Mean, float Deviation, float[]? Given)
{
    // The sum of four uniform 16-bit numbers: variance 4 * 65536^2 / 12.
    private const float SumMean = 4 * 65535 / 2f;
    private const float SumDeviation = 37837.23f;

    public static TensorNoise For(GgufTensorLayout tensor, RandomModelOptions options, int index)
    {
        var key = SplitMix64.Mix(options.Seed) ^ SplitMix64.Mix((ulong)index + 1);
        if (tensor.Name == "rope_freqs.weight")
            return new(key, 0, 0, Llama3RopeFactors.For(options.ResolvedRotatedWidth, options.RopeBase));
        if (tensor.Name.StartsWith("rope_factors_", StringComparison.Ordinal))
            return new(key, 0, 0, LongRopeFactors.For(options.ResolvedRotatedWidth, tensor.Name.Contains("long", StringComparison.Ordinal) ? options.RopeFactor : 1));
        if (tensor.Name.EndsWith(".bias", StringComparison.Ordinal))
            return new(key, 0, 0.1f, null);
        if (tensor.Shape.Count == 1)
            return new(key, 1, 0.05f, null);

        var columns = (float)tensor.Shape[0];
        // What is added to the residual stream shrinks with the depth (GPT-2's initialization), so that the last layer does not drown the first.
        var intoResidual = tensor.Name.EndsWith("attn_output.weight", StringComparison.Ordinal) || tensor.Name.Contains("ffn_down", StringComparison.Ordinal);
        // Embeddings that serve as output keep logits near 1 too; the first norm undoes their scale.
        var deviation = tensor.Name == "token_embd.weight" && !options.ResolvedTiedOutput ? 1 : 1 / MathF.Sqrt(columns);
        return new(key, 0, intoResidual ? deviation / MathF.Sqrt(2 * options.LayerCount) : deviation, null);
    }

    public void Fill(long row, Span<float> values)
    {
        if (Given is { } given)
        {
            given.CopyTo(values);
            return;
        }

        var random = new SplitMix64(Key ^ SplitMix64.Mix((ulong)row));
        var scale = Deviation / SumDeviation;
        foreach (ref var value in values)
        {
            var bits = random.Next();
            var sum = (uint)(bits & 0xffff) + (uint)((bits >> 16) & 0xffff) + (uint)((bits >> 32) & 0xffff) + (uint)(bits >> 48);
            value = Mean + (sum - SumMean) * scale;
        }
    }
}
