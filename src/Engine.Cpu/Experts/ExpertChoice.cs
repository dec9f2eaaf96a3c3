using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Experts;

/// <summary>Which experts compute a row, and with what weights. Looks at that row's router logits only, in one fixed order.</summary>
internal static unsafe class ExpertChoice
{
    // What llama.cpp divides by at least, so that weights of nearly nothing do not blow up: the smallest normal half.
    private const float LeastSum = 6.103515625e-5f;

    /// <summary>
    /// Softmax over all experts, then the <paramref name="used"/> most likely, most likely first. Of two with the same logit the lower number
    /// comes first; a logit that is not a number loses to all others.
    /// </summary>
    /// <param name="logits">The router's, padded to a multiple of 8; overwritten.</param>
    /// <param name="count">Experts.</param>
    /// <param name="used">Experts to choose, at most <paramref name="count"/>.</param>
    /// <param name="normalized">Whether the chosen weights shall sum to 1.</param>
    /// <param name="experts">The chosen experts.</param>
    /// <param name="weights">Their weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Choose(float* logits, int count, int used, bool normalized, Span<int> experts, Span<float> weights)
    {
        Best(logits, count, experts[..used]);
        var largest = logits[experts[0]];
        var shift = Vector256.Create(largest);
        for (var i = 0; i < count; i += 8)
            VectorMath.Exp(Vector256.Load(logits + i) - shift).Store(logits + i);

        var all = 0f;
        for (var i = 0; i < count; i++)
            all += logits[i];
        var chosen = 0f;
        for (var rank = 0; rank < used; rank++)
        {
            weights[rank] = logits[experts[rank]] / all;
            chosen += weights[rank];
        }

        if (!normalized)
            return;
        for (var rank = 0; rank < used; rank++)
            weights[rank] /= MathF.Max(chosen, LeastSum);
    }

    // By logits and not by probabilities, of which two may be level where the logits are not.
    private static void Best(float* logits, int count, Span<int> experts)
    {
        for (var rank = 0; rank < experts.Length; rank++)
        {
            var best = -1;
            for (var expert = 0; expert < count; expert++)
            {
                if (!experts[..rank].Contains(expert) && (best < 0 || logits[expert] > logits[best] || (float.IsNaN(logits[best]) && !float.IsNaN(logits[expert]))))
                    best = expert;
            }

            experts[rank] = best;
        }
    }
}
