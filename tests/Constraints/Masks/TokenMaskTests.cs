using Penstock.Constraints.Masks;

namespace Penstock.Constraints.Tests.Masks;

public sealed class TokenMaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(1024)]
    [InlineData(5003)]
    public void Apply_AnyMask_KeepsExactlyTheAllowedLogits(int size)
    {
        var (mask, logits) = Random(size, seed: size, share: 0.3);
        var masked = (float[])logits.Clone();
        mask.Apply(masked);
        for (var token = 0; token < size; token++)
            Assert.Equal(mask[token] ? logits[token] : float.NegativeInfinity, masked[token]);
    }

    [Theory]
    [InlineData(1000, 0.3)]
    [InlineData(5003, 0.001)]
    [InlineData(5003, 1.0)]
    [InlineData(5003, 0.0)]
    [InlineData(40, 0.5)]
    public void ApplyAndMeasure_AnyMask_GivesTheMassRemoved(int size, double share)
    {
        var (mask, logits) = Random(size, seed: 3, share);
        var best = logits.Max();
        var all = logits.Sum(logit => Math.Exp(logit - best));
        var kept = logits.Where((_, token) => mask[token]).Sum(logit => Math.Exp(logit - best));
        var (measured, applied) = ((float[])logits.Clone(), (float[])logits.Clone());
        Assert.Equal((all - kept) / all, mask.ApplyAndMeasure(measured), 4);
        mask.Apply(applied);
        Assert.Equal(applied, measured);
    }

    [Fact]
    public void ApplyAndMeasure_NoFiniteLogit_GivesNothing()
    {
        var (mask, _) = Random(100, seed: 1, share: 0.5);
        var logits = new float[100];
        Array.Fill(logits, float.NegativeInfinity);
        Assert.Equal(0, mask.ApplyAndMeasure(logits));
    }

    [Fact]
    public void Apply_LogitsBeyondTheVocabulary_AreRefused()
    {
        var mask = new TokenMask(70, [ulong.MaxValue, (1ul << 6) - 1]);
        var logits = new float[200];
        mask.Apply(logits);
        Assert.All(logits[..70], logit => Assert.Equal(0, logit));
        Assert.All(logits[70..], logit => Assert.Equal(float.NegativeInfinity, logit));
    }

    [Fact]
    public void Apply_AnyMask_AllocatesNothing()
    {
        var (mask, logits) = Random(5003, seed: 2, share: 0.5);
        mask.ApplyAndMeasure(logits);
        var before = GC.GetAllocatedBytesForCurrentThread();
        mask.Apply(logits);
        mask.ApplyAndMeasure(logits);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (TokenMask Mask, float[] Logits) Random(int size, int seed, double share)
    {
        var random = new Random(seed);
        var words = new ulong[TokenMask.WordCount(size)];
        var logits = new float[size];
        for (var token = 0; token < size; token++)
        {
            logits[token] = (float)((random.NextDouble() * 30) - 15);
            if (random.NextDouble() < share)
                words[token / 64] |= 1ul << (token % 64);
        }

        return (new TokenMask(size, words), logits);
    }
}
