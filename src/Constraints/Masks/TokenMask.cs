using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Constraints.Masks;

/// <summary>Which tokens may come next: one bit a token id. Immutable once given out, so it may be shared by requests and threads.</summary>
public sealed class TokenMask
{
    private const int WordBits = 64;

    /// <summary>Logits whose sums are taken together: small enough to stay in the first-level cache between the two looks at them.</summary>
    private const int BlockWords = 16;

    private readonly ulong[] words;

    internal TokenMask(int vocabularySize, ulong[] words)
    {
        VocabularySize = vocabularySize;
        this.words = words;
        Digest = DigestOf(words);
        foreach (var word in words)
            Count += BitOperations.PopCount(word);
    }

    /// <summary>Token ids that the mask has bits for.</summary>
    public int VocabularySize { get; }

    /// <summary>Tokens that are allowed.</summary>
    public int Count { get; }

    /// <summary>Whether no token is allowed.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Whether a token is allowed.</summary>
    public bool this[int token] => (words[token / WordBits] >> (token % WordBits) & 1) != 0;

    internal ReadOnlySpan<ulong> Words => words;

    /// <summary>See <see cref="DigestOf"/>.</summary>
    internal ulong Digest { get; }

    internal long Bytes => (sizeof(ulong) * (long)words.Length) + 64;

    /// <summary>The 64-bit words of a mask over so many tokens.</summary>
    internal static int WordCount(int vocabularySize) => (vocabularySize + WordBits - 1) / WordBits;

    /// <summary>A number by which equal masks are found. Other masks may have it too.</summary>
    internal static ulong DigestOf(ReadOnlySpan<ulong> words)
    {
        // A multiplication by an odd number and a rotation lose nothing of a word; the constant is 2^64 over the golden ratio.
        var digest = (ulong)words.Length;
        foreach (var word in words)
            digest = BitOperations.RotateLeft((digest ^ word) * 0x9E37_79B9_7F4A_7C15, 29);

        return digest;
    }

    /// <summary>Sets the logits of all other tokens to negative infinity. Allocates nothing.</summary>
    /// <param name="logits">One a token id; those beyond the vocabulary (a model's padding) are refused as well.</param>
    public void Apply(Span<float> logits)
    {
        for (var word = 0; word * WordBits < logits.Length; word++)
        {
            var allowed = word < words.Length ? words[word] : 0;
            var some = logits.Slice(word * WordBits, Math.Min(WordBits, logits.Length - (word * WordBits)));
            if (allowed == 0)
                some.Fill(float.NegativeInfinity);
            else if (allowed != ulong.MaxValue)
                ApplyWord(some, allowed);
        }
    }

    /// <summary>As <see cref="Apply"/>, and says how much the model wanted something else.</summary>
    /// <param name="logits">One a token id.</param>
    /// <returns>The probability, 0 to 1, of the tokens that are not allowed under the softmax of the logits; 0 where no logit is finite.</returns>
    /// <remarks>One pass over the memory: sums are kept relative to the largest logit so far (Milakov and Gimelshein 2018).</remarks>
    public float ApplyAndMeasure(Span<float> logits)
    {
        var (max, all, kept) = (float.NegativeInfinity, 0.0, 0.0);
        for (var word = 0; word * WordBits < logits.Length; word += BlockWords)
        {
            var block = logits.Slice(word * WordBits, Math.Min(BlockWords * WordBits, logits.Length - (word * WordBits)));
            var largest = Largest(block);
            if (largest > max)
            {
                var scale = Math.Exp((double)max - largest);
                (max, all, kept) = (largest, all * scale, kept * scale);
            }

            if (!float.IsFinite(max))
                continue;

            all += SumOfExponentials(block, max);
            var last = Math.Min(word + BlockWords, words.Length);
            if (last > word && words.AsSpan(word, last - word).ContainsAnyExcept(0ul))
                kept += SumOfExponentials(block, max, words.AsSpan(word, last - word));
        }

        Apply(logits);
        return all > 0 ? (float)Math.Clamp((all - kept) / all, 0, 1) : 0;
    }

    private static void ApplyWord(Span<float> logits, ulong allowed)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var lanes = Vector256<float>.Count;
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = Vector256.ConditionalSelect(Lanes((uint)(allowed >> (i * lanes))), vectors[i], Vector256.Create(float.NegativeInfinity));
        for (var i = vectors.Length * lanes; i < logits.Length; i++)
            logits[i] = (allowed >> i & 1) != 0 ? logits[i] : float.NegativeInfinity;
    }

    /// <summary>All bits of lane i where bit i is set.</summary>
    private static Vector256<float> Lanes(uint bits)
    {
        var lane = Vector256.Create(1u, 2u, 4u, 8u, 16u, 32u, 64u, 128u);
        return Vector256.Equals(Vector256.Create(bits) & lane, lane).AsSingle();
    }

    private static float Largest(ReadOnlySpan<float> logits)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var best = Vector256.Create(float.NegativeInfinity);
        foreach (var vector in vectors)
            best = Vector256.MaxNative(best, vector);
        var largest = float.NegativeInfinity;
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
            largest = MathF.Max(largest, best[lane]);
        foreach (var rest in logits[(vectors.Length * Vector256<float>.Count)..])
            largest = MathF.Max(largest, rest);
        return largest;
    }

    private static double SumOfExponentials(ReadOnlySpan<float> logits, float max)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var sums = Vector256<float>.Zero;
        foreach (var vector in vectors)
            sums += Vector256.Exp(vector - Vector256.Create(max));
        double sum = Vector256.Sum(sums);
        foreach (var rest in logits[(vectors.Length * Vector256<float>.Count)..])
            sum += MathF.Exp(rest - max);
        return sum;
    }

    private static double SumOfExponentials(ReadOnlySpan<float> logits, float max, ReadOnlySpan<ulong> allowed)
    {
        var lanes = Vector256<float>.Count;
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var sums = Vector256<float>.Zero;
        var word = 0;
        for (; word < allowed.Length && (word + 1) * WordBits <= logits.Length; word++)
        {
            for (var (bits, i) = (allowed[word], word * WordBits / lanes); bits != 0; bits >>= lanes, i++)
            {
                if ((byte)bits != 0)
                    sums += Vector256.Exp(vectors[i] - Vector256.Create(max)) & Lanes((uint)bits);
            }
        }

        double sum = Vector256.Sum(sums);
        for (var i = word * WordBits; i < Math.Min(logits.Length, allowed.Length * WordBits); i++)
            sum += (allowed[i / WordBits] >> (i % WordBits) & 1) != 0 ? MathF.Exp(logits[i] - max) : 0;
        return sum;
    }
}
