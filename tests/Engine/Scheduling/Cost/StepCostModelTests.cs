using Penstock.Engine.Scheduling.Cost;

namespace Penstock.Engine.Tests.Scheduling.Cost;

public sealed class StepCostModelTests
{
    private static readonly StepCoefficients Machine = new(9e-3, 4e-3, 3.2e-3, 1e-6, 4e-7, 20e-6);

    [Fact]
    public void Learn_NoisyMachine_PredictsWithinAFewPercent()
    {
        var (model, random) = (new StepCostModel(), new Random(1));
        for (var i = 0; i < 300; i++)
            Step(model, random, slower: 1);
        Assert.InRange(WorstError(model, 1), 0, 0.12);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(30)]
    public void Learn_MachineFarFromThePrior_IsLearned(double slower)
    {
        var (model, random) = (new StepCostModel(), new Random(2));
        for (var i = 0; i < 300; i++)
            Step(model, random, slower);
        Assert.InRange(WorstError(model, slower), 0, 0.15);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(30)]
    public void Learn_FirstStepsOfAFreshServer_GiveTheSpeed(double slower)
    {
        var (model, random) = (new StepCostModel(), new Random(10));
        model.Learn(default(StepWork).AndPrompt(0, 8), 20 * slower * Machine.Of(default(StepWork).AndPrompt(0, 8)));
        for (var i = 0; i < 4; i++)
            Learn(model, default(StepWork).AndPrompt(8 << i, 8 << i), random, slower);
        var next = default(StepWork).AndPrompt(128, 64);
        Assert.InRange(model.Predict(next) / (slower * Machine.Of(next)), 0.5, 2);
    }

    [Fact]
    public void Learn_OneStepInTwentyTenTimesAsLong_PredictionsHardlyMove()
    {
        var (model, random) = (new StepCostModel(), new Random(3));
        for (var i = 0; i < 100; i++)
            Step(model, random, slower: 1);
        for (var i = 0; i < 500; i++)
            Step(model, random, slower: random.Next(20) == 0 ? 10 : 1);
        Assert.InRange(WorstError(model, 1), 0, 0.25);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1 / 3.0)]
    public void Learn_MachineChanges_FollowsWithinSomeTensOfSteps(double slower)
    {
        var (model, random) = (new StepCostModel(), new Random(4));
        for (var i = 0; i < 200; i++)
            Step(model, random, slower: 1);
        for (var i = 0; i < 40; i++)
            Step(model, random, slower);
        Assert.InRange(WorstError(model, slower), 0, 0.2);
    }

    [Fact]
    public void Learn_OnlyDecodesForLong_RemembersWhatAPromptCosts()
    {
        var (model, random) = (new StepCostModel(), new Random(5));
        for (var i = 0; i < 200; i++)
            Step(model, random, slower: 1);
        for (var i = 0; i < 5000; i++)
            Learn(model, new StepWork(4, 0, 4000, 0, 0), random, slower: 1);
        Assert.InRange(WorstError(model, 1), 0, 0.25);
    }

    /// <summary>Deep in a prompt all steps look alike, so that noise could be taken for any of the costs: what shallow chunks have shown must not fade for it.</summary>
    [Fact]
    public void Learn_AlikeNoisyStepsForLong_RemembersWhatEachPartCosts()
    {
        var (model, random) = (new StepCostModel(), new Random(9));
        for (var i = 0; i < 60; i++)
            Learn(model, default(StepWork).AndDecode(200).AndDecode(300).AndPrompt(32 * i, 32), random, slower: 1);
        for (var i = 0; i < 1000; i++)
            Learn(model, default(StepWork).AndDecode(200 + i).AndDecode(300 + i).AndPrompt(6000 + (i / 2), 12), random, slower: 1);
        Assert.InRange(model.Coefficients.PromptToken / Machine.PromptToken, 0.75, 1.25);
        Assert.InRange(model.Coefficients.PromptContext / Machine.PromptContext, 0.75, 1.25);
    }

    [Fact]
    public void Learn_DecodesBecomeSlower_PromptsAreExpectedToBeSlowerToo()
    {
        var (model, random) = (new StepCostModel(), new Random(6));
        for (var i = 0; i < 200; i++)
            Step(model, random, slower: 1);
        var before = model.Predict(new StepWork(0, 64, 0, 2048, 0));
        for (var i = 0; i < 20; i++)
            Learn(model, new StepWork(4, 0, 4000, 0, 0), random, slower: 3);
        Assert.InRange(model.Predict(new StepWork(0, 64, 0, 2048, 0)) / before, 2, 4);
    }

    [Fact]
    public void Predict_WhateverWasMeasured_IsPositiveAndMonotone()
    {
        var random = new Random(7);
        for (var run = 0; run < 50; run++)
        {
            var model = new StepCostModel();
            for (var i = 0; i < 60; i++)
            {
                model.Learn(Work(random), Math.Pow(10, (random.NextDouble() * 8) - 6));
                var work = Work(random);
                var predicted = model.Predict(work);
                Assert.True(double.IsFinite(predicted) && predicted > 0);
                Assert.True(model.Predict(work.AndDecode(10)) >= predicted);
                Assert.True(model.Predict(work.AndPrompt(100, 5)) >= predicted);
                Assert.True(model.Predict(work.AndMoved(5)) >= predicted);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Learn_NotADuration_IsPassedOver(double seconds)
    {
        var model = new StepCostModel();
        model.Learn(new StepWork(1, 1, 1, 1, 1), seconds);
        Assert.Equal((0, StepCoefficients.Prior), (model.Samples, model.Coefficients));
    }

    private static void Step(StepCostModel model, Random random, double slower) => Learn(model, Work(random), random, slower);

    private static void Learn(StepCostModel model, StepWork work, Random random, double slower) =>
        model.Learn(work, slower * Machine.Of(work) * (1 + (0.1 * (random.NextDouble() - 0.5))));

    private static StepWork Work(Random random)
    {
        var decodes = random.Next(9);
        var work = default(StepWork);
        for (var i = 0; i < decodes; i++)
            work = work.AndDecode(random.Next(4000));
        return decodes == 0 || random.Next(2) == 0 ? work.AndPrompt(random.Next(8000), random.Next(1, 65)) : work;
    }

    private static double WorstError(StepCostModel model, double slower)
    {
        var (random, worst) = (new Random(8), 0.0);
        for (var i = 0; i < 200; i++)
        {
            var work = Work(random);
            worst = Math.Max(worst, Math.Abs((model.Predict(work) / (slower * Machine.Of(work))) - 1));
        }

        return worst;
    }
}
