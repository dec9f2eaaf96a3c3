using Penstock.Engine.Cpu.Experts;

namespace Penstock.Engine.Cpu.Tests.Experts;

public unsafe class ExpertChoiceTests
{
    [Fact]
    public void Choose_DistinctLogits_TakesTheMostLikelyInOrder()
    {
        var (experts, weights) = Choose([0, 3, -1, 2, 1], used: 3, normalized: true);

        Assert.Equal([1, 3, 4], experts);
        var total = Math.Exp(3) + Math.Exp(2) + Math.Exp(1);
        AssertClose([Math.Exp(3) / total, Math.Exp(2) / total, Math.Exp(1) / total], weights);
    }

    [Fact]
    public void Choose_NotNormalized_KeepsTheShareOfAll()
    {
        var (_, weights) = Choose([0, 3, -1, 2, 1], used: 2, normalized: false);

        var total = new[] { 0, 3, -1, 2, 1.0 }.Sum(Math.Exp);
        AssertClose([Math.Exp(3) / total, Math.Exp(2) / total], weights);
    }

    [Fact]
    public void Choose_EqualLogits_TakesTheLowerNumbers() =>
        Assert.Equal([2, 5, 0, 1], Choose([1, 1, 7, 1, 1, 7, 1, 1, 1], used: 4, normalized: true).Experts);

    // Far apart, so that the softmax gives 0 to all but one: the order is still that of the logits.
    [Fact]
    public void Choose_ProbabilitiesThatUnderflow_GoesByLogits() =>
        Assert.Equal([1, 3, 2], Choose([-3000, 1000, -2000, -1000], used: 3, normalized: true).Experts);

    [Fact]
    public void Choose_LogitsThatAreNotNumbers_ComeLastAndOnce()
    {
        Assert.Equal([2, 1, 0, 3], Choose([float.NaN, 1, 2, float.NaN], used: 4, normalized: true).Experts);
        Assert.Equal([0, 1], Choose([float.NaN, float.NaN, float.NaN], used: 2, normalized: true).Experts);
    }

    private static (int[] Experts, float[] Weights) Choose(float[] logits, int used, bool normalized)
    {
        var padded = new float[16];
        logits.CopyTo(padded, 0);
        var (experts, weights) = (new int[used], new float[used]);
        fixed (float* first = padded)
            ExpertChoice.Choose(first, logits.Length, used, normalized, experts, weights);
        return (experts, weights);
    }

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second / pair.First, 1 - 1e-6, 1 + 1e-6));
    }
}
