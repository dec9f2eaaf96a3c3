using Penstock.Engine.Sampling;

namespace Penstock.Engine.Tests.Sampling;

public sealed class DistributionTests
{
    [Fact]
    public void LogProb_AnyToken_IsLogSoftmax()
    {
        var random = new Random(3);
        float[] logits = [.. Enumerable.Range(0, 777).Select(_ => random.NextSingle() * 20f)];
        var distribution = new Distribution(logits.Length);
        distribution.Capture(logits);
        var logSum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
        for (var i = 0; i < logits.Length; i++)
            Assert.Equal(logits[i] - logSum, distribution.LogProb(i), 4);
    }

    [Fact]
    public void Top_Some_AreTheBestInOrder()
    {
        var distribution = new Distribution(5);
        distribution.Capture([1f, 4f, 3f, 4f, 0f]);
        Assert.Equal([1, 3, 2], distribution.Top(3));
        Assert.Empty(distribution.Top(0));
    }
}
