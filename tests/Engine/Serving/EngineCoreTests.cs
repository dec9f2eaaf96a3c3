using Penstock.Contracts.Requests;
using Penstock.Engine.Constraining;
using Penstock.Engine.Serving;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Requests;
using Penstock.Engine.Serving.Text;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Serving;

public sealed class EngineCoreTests
{
    /// <summary>The whole way of a token in the loop: plan, sample over 32,000 logits, detokenize, match stop strings, hand over to a reader that keeps up.</summary>
    [Theory]
    [InlineData(0f, "", null)]
    [InlineData(1f, "", null)]
    [InlineData(0.8f, "never said", null)]
    [InlineData(1f, "", "(a|b|c)*</end>")]
    public void Turn_SteadyDecode_AllocatesNothing(float temperature, string stop, string? pattern)
    {
        const int Streams = 8;
        const int Steps = 120;
        using var runner = new FixedLogitsRunner(32_000);
        var tokenizer = new ByteTokenizer(32_000);
        using var core = new EngineCore(Requests.Options(new EngineOptions { GapTarget = null }, context: 4096), runner, tokenizer, TimeProvider.System);
        var pool = new TextSegmentPool(32);
        var constraint = pattern is null ? null : Constrained(pattern, tokenizer);

        // As after earlier requests, which have given their text buffers back.
        foreach (var segment in Enumerable.Range(0, 32).Select(_ => pool.Borrow()).ToArray())
            pool.Return(segment);
        var requests = Enumerable.Range(0, Streams).Select(_ => new GenerationRequest([1, 2, 3], Settings(temperature, stop, constraint), tokenizer, pool)).ToArray();
        foreach (var request in requests)
            Assert.Null(core.Submit(request));

        var before = 0L;
        for (var step = 0; step < Steps; step++)
        {
            if (step == Steps / 2)
                before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(core.Turn());
            foreach (var request in requests)
                Drain(request);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(Streams * Steps, core.Stats.SampledTokens);
    }

    private static void Drain(GenerationRequest request)
    {
        while (request.Events.TryRead(out _))
        {
        }
    }

    private static CompiledConstraint? Constrained(string pattern, ByteTokenizer tokenizer)
    {
        var request = Requests.Completion("") with { Constraint = new OutputConstraint { Kind = ConstraintKind.Regex, Param = "guided_regex", Source = pattern } };
        Assert.Null(new AnswerConstraints(tokenizer, TimeProvider.System).Of(request, null, out var constraint));
        return constraint;
    }

    // Of what the pattern allows, that which goes on is likelier than the end.
    private static GenerationSettings Settings(float temperature, string stop, CompiledConstraint? constraint) => new()
    {
        Constraint = constraint,
        MaxOutputTokens = 2000,
        Choices = 1,
        Sampling = new SamplingOptions { Temperature = temperature, LogitBias = constraint is null ? SamplingOptions.Default.LogitBias : new Dictionary<int, float> { ['a'] = 60, ['b'] = 60 } },
        Seed = 1,
        Stops = new StopPatterns([stop]),
        StartsText = true,
        IgnoreEndOfGeneration = true,
    };
}
