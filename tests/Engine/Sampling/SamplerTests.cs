using FsCheck;
using FsCheck.Fluent;
using Penstock.Contracts.Requests;
using Penstock.Engine.Sampling;

namespace Penstock.Engine.Tests.Sampling;

public sealed class SamplerTests
{
    private const int Vocabulary = 1003;

    private readonly Sampler sampler = new(Vocabulary);

    [Fact]
    public void Sample_TemperatureZero_BestWithTheLowestIndex()
    {
        var logits = new float[Vocabulary];
        (logits[700], logits[1001]) = (3f, 3f);
        Assert.Equal(700, sampler.Sample(logits, State(new SamplingOptions { Temperature = 0 })));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Sample_NotFinite_IsAValue(float broken)
    {
        foreach (var index in new[] { 0, 8, 500, Vocabulary - 1 })
        {
            var logits = Logits(1);
            logits[index] = broken;
            Assert.Equal(Sampler.NotFinite, sampler.Sample(logits, State(SamplingOptions.Default)));
        }

        var masked = new float[Vocabulary];
        masked.AsSpan().Fill(float.NegativeInfinity);
        Assert.Equal(Sampler.NotFinite, sampler.Sample(masked, State(SamplingOptions.Default)));
    }

    [Fact]
    public void Sample_MaskedTokens_AreNeverChosen()
    {
        var options = new[] { new SamplingOptions(), new() { TopK = 500 }, new() { TopP = 0.99999f }, new() { MinP = 1e-30f } };
        for (var seed = 0; seed < 400; seed++)
        {
            var logits = Logits(seed);
            for (var i = 0; i < Vocabulary; i++)
                logits[i] = i % 100 == 3 ? logits[i] : float.NegativeInfinity;
            Assert.Equal(3, sampler.Sample(logits, State(options[seed % 4], (ulong)seed)) % 100);
        }
    }

    /// <summary>The same uniform number through every filter: the token must be one that a full sort in double precision would allow.</summary>
    [Fact]
    public void AnyOptions_AgainstFullSort_TokenIsAmongTheAllowed() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1500),
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Compare(new Random(seed))));

    [Theory]
    [InlineData(0, 1f, 0f)]
    [InlineData(12, 1f, 0f)]
    [InlineData(0, 0.7f, 0f)]
    [InlineData(0, 1f, 0.2f)]
    [InlineData(40, 0.9f, 0.05f)]
    public void Sample_ManyDraws_FollowTheDistribution(int topK, float topP, float minP)
    {
        const int Draws = 20_000;
        var options = new SamplingOptions { Temperature = 0.8f, TopK = topK, TopP = topP, MinP = minP };
        var (logits, counts) = (Logits(5), new int[Vocabulary]);
        var scratch = new float[Vocabulary];
        for (var seed = 0; seed < Draws; seed++)
        {
            logits.CopyTo(scratch, 0);
            counts[sampler.Sample(scratch, State(options, (ulong)seed))]++;
        }

        var expected = Naive(logits, options).Kept;
        Assert.Equal(Draws, expected.Keys.Sum(token => counts[token]));
        foreach (var (token, probability) in expected.Where(pair => pair.Value > 0.01))
            Assert.InRange(counts[token] / (double)Draws, probability - 0.012, probability + 0.012);
    }

    [Fact]
    public void Sample_SameSeedChoiceAndPosition_SameToken()
    {
        var options = new SamplingOptions { Temperature = 1.5f };
        var tokens = Enumerable.Range(0, 40).Select(choice => sampler.Sample(Logits(2), State(options, 9, choice))).ToArray();
        Assert.Equal(tokens, Enumerable.Range(0, 40).Select(choice => sampler.Sample(Logits(2), State(options, 9, choice))));
        Assert.True(tokens.Distinct().Count() > 10);
    }

    [Fact]
    public void Sample_Penalties_ActOnWhatTheyAreDefinedOver()
    {
        // Prompt: 1. Output: 2 twice. Repetition reads both, presence and frequency the output only.
        var state = State(new SamplingOptions { Temperature = 0, RepetitionPenalty = 2f, PresencePenalty = 0.5f, FrequencyPenalty = 0.25f, LogitBias = new Dictionary<int, float> { [4] = 5f } }, prompt: [1]);
        state.Add(2);
        state.Add(2);
        var logits = new float[Vocabulary];
        (logits[1], logits[2], logits[3], logits[4]) = (4f, 8f, 2.9f, -3f);
        sampler.Sample(logits, state);
        Assert.Equal([2f, 3f, 2.9f, 2f], logits[1..5]);
    }

    [Fact]
    public void Sample_AnyOptions_AllocatesNothing()
    {
        SamplingOptions[] options =
        [
            new(), new() { Temperature = 0 }, new() { TopK = 40 }, new() { TopP = 0.9f }, new() { MinP = 0.1f },
            new() { TopK = 50, TopP = 0.95f, MinP = 0.01f, RepetitionPenalty = 1.1f, FrequencyPenalty = 0.1f, LogitBias = new Dictionary<int, float> { [3] = 1f } },
        ];
        var states = options.Select(option => State(option, prompt: [1, 2, 3])).ToArray();
        var (logits, scratch) = (Logits(3), new float[Vocabulary]);
        var before = 0L;
        for (var round = 0; round < 40; round++)
        {
            if (round == 20)
                before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var state in states)
            {
                logits.CopyTo(scratch, 0);
                state.Add(sampler.Sample(scratch, state));
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Compare(Random random)
    {
        var options = new SamplingOptions
        {
            Temperature = 0.1f + (random.NextSingle() * 2f),
            TopK = random.Next(3) == 0 ? random.Next(1, Vocabulary + 50) : 0,
            TopP = random.Next(2) == 0 ? 0.05f + (random.NextSingle() * 0.95f) : 1f,
            MinP = random.Next(3) == 0 ? random.NextSingle() * 0.3f : 0f,
        };
        var logits = Logits(random.Next(), random.Next(3) == 0 ? 0.1f : 8f);
        var state = State(options, (ulong)random.Next());
        var chosen = sampler.Sample([.. logits], state);
        var (_, allowed) = Naive(logits, options);
        Assert.Contains(chosen, allowed);
    }

    // The tokens kept with their probabilities, and those that rounding at a threshold may add.
    private static (Dictionary<int, double> Kept, HashSet<int> Allowed) Naive(float[] logits, SamplingOptions options)
    {
        var order = Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i]).ThenBy(i => i).ToArray();
        if (options.TopK > 0)
            order = order[..Math.Min(order.Length, options.TopK)];
        var weights = order.Select(i => Math.Exp((logits[i] - (double)logits[order[0]]) / options.Temperature)).ToArray();
        var (total, sum, count) = (weights.Sum(), 0.0, 0);
        while (count < order.Length && (count == 0 || (sum < options.TopP * total && weights[count] >= options.MinP)))
            sum += weights[count++];
        var loose = count;
        while (loose < order.Length && loose < count + 3 && weights[loose] >= options.MinP * 0.9999)
            loose++;
        return (
            Enumerable.Range(0, count).ToDictionary(i => order[i], i => weights[i] / sum),
            [.. order[..loose]]);
    }

    private static float[] Logits(int seed, float spread = 8f)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => (random.NextSingle() - 0.5f) * spread)];
    }

    [Fact]
    public void State_PenaltiesOfARequestThatWaits_TakeNoMemoryForWhatItMaySay()
    {
        var options = new SamplingOptions { FrequencyPenalty = 1 };
        _ = new SamplingState(options, 1, 0, [], 100_000, 200_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = new SamplingState(options, 1, 0, [], 100_000, 200_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static SamplingState State(SamplingOptions options, ulong seed = 1, int choice = 0, int[]? prompt = null) => new(options, seed, choice, prompt ?? [], 64, 1000);
}
