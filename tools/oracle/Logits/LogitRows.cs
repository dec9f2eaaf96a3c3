using Penstock.Engine.Llama.Contexts;

namespace Penstock.Tools.Oracle.Logits;

/// <summary>What llama.cpp computes for every position of one text.</summary>
internal static class LogitRows
{
    /// <summary>Computes.</summary>
    /// <param name="chunk">Rows a call: 1 is decoding, more is prefill; llama.cpp's results differ a little.</param>
    /// <param name="exact">No arithmetic but that of the weights' type.</param>
    /// <returns>The logits by position.</returns>
    public static float[][] Compute(LlamaModel model, ReadOnlySpan<int> tokens, int chunk, bool exact = true)
    {
        var options = Options(tokens, chunk);
        return Compute(model, tokens, chunk, exact ? options.Exactly() : options);
    }

    /// <summary>Computes with keys and values of one type.</summary>
    /// <inheritdoc cref="Compute(LlamaModel, ReadOnlySpan{int}, int, bool)"/>
    public static float[][] Compute(LlamaModel model, ReadOnlySpan<int> tokens, int chunk, KvCellType kv, LlamaAdapter? adapter = null, float scale = 1) => Compute(
        model, tokens, chunk, Options(tokens, chunk) with { CellType = kv, Attention = kv == KvCellType.Q8_0 ? FlashAttention.On : FlashAttention.Off }, adapter, scale);

    private static ContextOptions Options(ReadOnlySpan<int> tokens, int chunk) =>
        new(Math.Max(256, tokens.Length), chunk, Sequences: 1, Outputs: chunk, Threads: 1, Unified: false);

    private static float[][] Compute(LlamaModel model, ReadOnlySpan<int> tokens, int chunk, ContextOptions options, LlamaAdapter? adapter = null, float scale = 1)
    {
        using var context = new LlamaContext(model, options);
        context.Use(adapter, scale);
        var rows = new float[tokens.Length][];
        for (var start = 0; start < tokens.Length; start += chunk)
        {
            var length = Math.Min(chunk, tokens.Length - start);
            context.Clear();
            for (var i = 0; i < length; i++)
                context.Add(0, start + i, tokens[start + i], output: true);
            if (context.Run() is var outcome and not DecodeOutcome.Completed)
                throw new InvalidOperationException($"llama.cpp ends a call as {outcome}.");
            for (var i = 0; i < length; i++)
                rows[start + i] = context.Logits(i).ToArray();
        }

        return rows;
    }

    /// <summary>Mean negative log-likelihood of each token given those before it; perplexity is its exponential.</summary>
    public static double MeanNegativeLogLikelihood(IReadOnlyList<float[]> rows, ReadOnlySpan<int> tokens)
    {
        var sum = 0.0;
        for (var i = 0; i + 1 < tokens.Length; i++)
        {
            var largest = rows[i].Max();
            sum += largest + Math.Log(rows[i].Sum(logit => Math.Exp(logit - largest))) - rows[i][tokens[i + 1]];
        }

        return sum / (tokens.Length - 1);
    }

    /// <summary>Root mean square of the difference, relative to the spread of the reference around its mean: a constant added to all logits changes nothing that is sampled.</summary>
    public static double RelativeError(ReadOnlySpan<float> reference, ReadOnlySpan<float> other)
    {
        double mean = 0, otherMean = 0, error = 0, spread = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            mean += reference[i];
            otherMean += other[i];
        }

        mean /= reference.Length;
        otherMean /= reference.Length;
        for (var i = 0; i < reference.Length; i++)
        {
            error += Math.Pow(other[i] - otherMean - (reference[i] - mean), 2);
            spread += Math.Pow(reference[i] - mean, 2);
        }

        return Math.Sqrt(error / spread);
    }
}
