using Penstock.Constraints.Masks;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Constraining;
using Penstock.Engine.Serving;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Requests;
using Penstock.Engine.Serving.Text;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Constraining;

/// <summary>A constraint that meets a bound while its answer is made ends that request, and nobody else notices.</summary>
public sealed class ExhaustedConstraintTests
{
    private const int Vocabulary = 300;

    private static readonly ByteTokenizer Tokenizer = new(Vocabulary);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Turn_ConstraintThatMeetsABound_EndsItsRequestWithTheError(bool accepting)
    {
        using var runner = new FixedLogitsRunner(Vocabulary);
        using var core = new EngineCore(Requests.Options(new EngineOptions { GapTarget = null }, context: 4096), runner, Tokenizer, TimeProvider.System);
        var pool = new TextSegmentPool(8);
        var constraint = Compiled(letters: 6, accepting);
        var (bounded, free) = (Request(constraint, pool), Request(null, pool));
        Assert.Null(core.Submit(bounded));
        Assert.Null(core.Submit(free));
        while (core.Turn())
        {
        }

        var answer = Read(bounded);
        Assert.Equal(ErrorCode.UnsupportedValue, Assert.Single(answer.Events, item => item.Kind == GenerationEventKind.Error).Error!.Code);
        Assert.Equal("aaaaaa", string.Concat(answer.Texts));
        Assert.Equal((FinishReason.Error, 6), (answer.Summary.FinishReason, answer.Summary.Tokens.Sampled));
        answer.AssertLaws();
        Assert.True(constraint.IsSpent);

        var other = Read(free);
        Assert.Equal((FinishReason.Length, 20), (other.Summary.FinishReason, other.Summary.Tokens.Sampled));
        other.AssertLaws();
        Assert.Null(core.Check());
    }

    [Fact]
    public void Get_SpentConstraint_IsCompiledAnew()
    {
        var cache = new ConstraintCache(4);
        var first = cache.Get("key", () => Compiled(1, accepting: false)).Value;
        Assert.Same(first, cache.Get("key", () => Compiled(1, accepting: false)).Value);

        first!.Spend();

        var second = cache.Get("key", () => Compiled(1, accepting: false)).Value;
        Assert.NotSame(first, second);
        Assert.Same(second, cache.Get("key", () => Compiled(1, accepting: false)).Value);
    }

    private static CompiledConstraint Compiled(int letters, bool accepting) =>
        new(new StateThatRunsOut(letters, accepting), new MaskBuilder(new VocabularyTrie(Tokenizer, new HashSet<int>())), StripsLeadingSpace: false, []) { LeastTokens = 1 };

    private static GenerationRequest Request(CompiledConstraint? constraint, TextSegmentPool pool) => new([1, 2, 3], Settings(constraint), Tokenizer, pool);

    private static GenerationSettings Settings(CompiledConstraint? constraint) => new()
    {
        Constraint = constraint,
        MaxOutputTokens = 20,
        Choices = 1,
        Sampling = new SamplingOptions { Temperature = 0, LogitBias = new Dictionary<int, float> { ['a'] = 100 } },
        Seed = 1,
        Stops = new StopPatterns([]),
        StartsText = true,
        IgnoreEndOfGeneration = constraint is null,
    };

    private static Answer Read(GenerationRequest request)
    {
        List<GenerationEvent> events = [];
        while (request.Events.TryRead(out var item))
            events.Add(item);
        Assert.True(request.Completion.IsCompletedSuccessfully);
        return new Answer(events, request.Completion.Result);
    }
}
