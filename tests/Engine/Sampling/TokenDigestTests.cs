using Penstock.Contracts.Requests;
using Penstock.Engine.Sampling;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Sampling;

public sealed class TokenDigestTests
{
    [Fact]
    public void Add_OneBitOfAMarginOrTheOrder_ChangesTheDigest()
    {
        var digests = new[]
        {
            Of((5, 1f), (6, 2f)),
            Of((5, MathF.BitIncrement(1f)), (6, 2f)),
            Of((6, 2f), (5, 1f)),
            Of((5, 1f)),
            Of((5, 1f), (6, 2f), (6, 2f)),
        };

        Assert.Equal(digests.Length, digests.Distinct().Count());
        Assert.Equal(Of((5, 1f), (6, 2f)), digests[0]);
        Assert.Equal(2 * TokenDigest.Bytes, digests[0].Length);
    }

    /// <summary>Eight tokens are hashed at a time: every one counts, at any place among them, and so does how many there are.</summary>
    [Fact]
    public void Add_AnyTokenOfManyIsAnother_ChangesTheDigest()
    {
        const int Tokens = 20;
        var digests = new HashSet<string>();
        for (var count = 1; count <= Tokens; count++)
        {
            for (var other = -1; other < count; other++)
                Assert.True(digests.Add(Of([.. Enumerable.Range(0, count).Select(i => (i == other ? 99 : 0, 0f))])), $"{count} tokens, number {other} another");
        }
    }

    [Fact]
    public void Add_SteadyState_AllocatesNothing()
    {
        var digest = default(TokenDigest);
        // Eight at a time: the first of their hashes makes what the type has once.
        for (var token = 0; token < 100; token++)
            digest.Add(token, token);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var token = 0; token < 100; token++)
            digest.Add(token, token);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1003)]
    [InlineData(8)]
    [InlineData(2)]
    [InlineData(1)]
    public void Margin_IsTheBestLessTheSecondBest(int vocabulary)
    {
        var sampler = new Sampler(vocabulary);
        var random = new Random(vocabulary);
        for (var round = 0; round < 200; round++)
        {
            // Few levels, so that equals come up.
            var logits = Enumerable.Range(0, vocabulary).Select(_ => (float)random.Next(2 * vocabulary)).ToArray();
            var ordered = logits.OrderDescending().ToArray();
            sampler.Sample(logits, new SamplingState(SamplingOptions.Default, 1, 0, [], 4, vocabulary));

            Assert.Equal(vocabulary == 1 ? float.PositiveInfinity : ordered[0] - ordered[1], sampler.Margin);
        }
    }

    [Fact]
    public async Task Digest_SameRequestAloneAndInACrowd_IsTheSame()
    {
        await using var target = Requests.Target(new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = 258 }, new VirtualClock()), engine: new EngineOptions { Seed = 3, StepTokenBudget = 16, MaxRunning = 8 });
        var request = Requests.Completion("the prompt of this request", 20) with { Choices = 2, Sampling = new SamplingOptions { Seed = 9 } };

        var alone = await target.AnswerAsync(request);
        var crowd = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => target.AnswerAsync(i == 4 ? request : Requests.Completion(new string('x', 5 + (7 * i)), 20))));

        Assert.NotNull(alone.Summary.Digest);
        Assert.Equal(alone.Summary.Digest, crowd[4].Summary.Digest);
        Assert.NotEqual(crowd[3].Summary.Digest, crowd[4].Summary.Digest);
    }

    private static string Of(params ReadOnlySpan<(int Token, float Margin)> tokens)
    {
        var digest = default(TokenDigest);
        foreach (var (token, margin) in tokens)
            digest.Add(token, margin);
        return TokenDigest.Join([digest]);
    }
}
