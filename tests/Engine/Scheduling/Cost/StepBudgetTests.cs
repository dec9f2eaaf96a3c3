using Penstock.Engine.Scheduling.Cost;

namespace Penstock.Engine.Tests.Scheduling.Cost;

public sealed class StepBudgetTests
{
    private const double Target = 0.1;
    private static readonly StepCoefficients Machine = new(9e-3, 4e-3, 2e-3, 1e-6, 2e-7, 20e-6);

    [Fact]
    public void PromptTokens_BeforeAnythingWasMeasured_StartsWithABlockAndGrows()
    {
        var budget = Budget(new StepCostModel());
        List<int> chunks = [];
        for (var i = 0; i < 60; i++)
            chunks.Add(Step(budget, streams: 0, position: 0, most: 4096));
        Assert.InRange(chunks[0], 1, 16);
        for (var i = 1; i < chunks.Count; i++)
            Assert.True(chunks[i] <= 2 * chunks.Take(i).Max(), $"{chunks[i - 1]} to {chunks[i]}");
        Assert.InRange(Machine.Of(default(StepWork).AndPrompt(0, chunks[^1])), 0.8 * Target, 1.02 * Target);
    }

    [Fact]
    public void PromptTokens_BesideMoreForcedTokensThanAChunkMayHave_AreNone()
    {
        var budget = Budget(new StepCostModel());
        budget.Begin(0);
        budget.AddPrompt(start: 20, rows: 12);
        budget.AddPrompt(start: 30, rows: 12);

        Assert.Equal(0, budget.PromptTokens(start: 0, most: 5, mayForce: true));
        Assert.Equal(0, budget.PromptTokens(start: 0, most: 5, mayForce: false));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(16)]
    public void PromptTokens_AlongALongPrompt_StepsStayWithinTheTarget(int streams)
    {
        var budget = Budget(new StepCostModel());
        for (var position = 0; position < 8000;)
        {
            position += Step(budget, streams, position, 8000 - position);
            if (position > 500)
                Assert.InRange(Machine.Of(budget.Work), 0, 1.05 * Target);
        }
    }

    [Fact]
    public void PromptTokens_StreamsAloneTakeLonger_AreABlockEveryFewSteps()
    {
        var budget = Budget(new StepCostModel());
        var chunks = Enumerable.Range(0, 40).Select(_ => Step(budget, streams: 40, position: 0, most: 500)).ToArray();
        for (var i = 0; i + 4 <= chunks.Length; i++)
            Assert.True(chunks.Skip(i).Take(4).Sum() >= 16, string.Join(' ', chunks));
        Assert.True(chunks.Skip(20).Count(chunk => chunk == 0) >= 10);
    }

    [Theory]
    [InlineData(18, 20_000)]
    [InlineData(20, 20_000)]
    [InlineData(21, 200)]
    public void PromptTokens_StreamsTakeNearlyAllAndATokenIsDear_AdvancesWithoutALongStep(int streams, int position)
    {
        var budget = Budget(new StepCostModel(Machine));
        List<(int Tokens, double Seconds)> steps = [];
        for (var i = 0; i < 40; i++)
            steps.Add((Step(budget, streams, position, most: 500), Machine.Of(budget.Work)));
        for (var i = 0; i + 4 <= steps.Count; i++)
            Assert.True(steps.Skip(i).Take(4).Sum(step => step.Tokens) >= 1, "The prompt stood still for four steps.");
        Assert.InRange(steps.Skip(5).Max(step => step.Seconds), 0, 1.2 * Target);
    }

    [Fact]
    public void HasRoomForDecode_TargetReached_IsFalse()
    {
        var model = new StepCostModel(Machine);
        var budget = Budget(model);
        budget.Begin(0);
        var rows = 0;
        for (; budget.HasRoomForDecode(100); rows++)
            budget.AddDecode(100);
        Assert.InRange(rows, 10, 22);
    }

    private static StepBudget Budget(StepCostModel model) => new(model, Target, Target, prefillEvery: 4, blockTokens: 16);

    private static int Step(StepBudget budget, int streams, int position, int most)
    {
        budget.Begin(0);
        for (var i = 0; i < streams; i++)
            budget.AddDecode(200);
        var tokens = budget.PromptTokens(position, most, mayForce: true);
        if (tokens > 0)
            budget.AddPrompt(position, tokens);
        budget.End(promptsWait: true);
        budget.Learn(budget.Work, Machine.Of(budget.Work));
        return tokens;
    }
}
