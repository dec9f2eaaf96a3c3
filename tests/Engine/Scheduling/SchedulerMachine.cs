using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Simulation;

namespace Penstock.Engine.Tests.Scheduling;

/// <summary>Drives a scheduler over a simulated runner through a random schedule and verifies the invariants after every step.</summary>
internal sealed class SchedulerMachine : IDisposable
{
    private readonly Random random;
    private readonly SimulatedRunner runner;
    private readonly Scheduler scheduler;
    private readonly StepResult result = new();
    private readonly List<SequenceGroup> submitted = [];
    private readonly int budget;
    private int stepsWithoutProgress;

    public SchedulerMachine(int seed)
    {
        random = new Random(seed);
        var sequences = random.Next(1, 9);
        budget = random.Next(sequences, 40);
        runner = new SimulatedRunner(new SimulatedRunnerOptions
        {
            TotalBlocks = random.Next(4, 24),
            MaxSequences = sequences,
            MaxRows = 64,
            Faults = [.. Enumerable.Range(0, random.Next(6)).Select(_ => new PlantedFault(random.Next(1, 60), Kinds[random.Next(Kinds.Length)]))],
        });
        scheduler = new Scheduler(runner.Kv, new SchedulerLimits(budget, sequences), new FirstComeFirstServed());
    }

    private static FaultKind[] Kinds => [FaultKind.Fail, FaultKind.Abort, FaultKind.OutOfBlocks];

    public void Dispose() => runner.Dispose();

    public void RunToTheEnd()
    {
        for (var step = 0; step < 80; step++)
        {
            if (random.Next(3) == 0)
                Submit();
            if (random.Next(8) == 0 && submitted.Count > 0)
                scheduler.End(submitted[random.Next(submitted.Count)]);
            Step();
        }

        while (!scheduler.Idle)
            Step();
        Assert.All(submitted, group => Assert.Equal(SequenceGroupState.Ended, group.State));
        Assert.Equal((runner.Kv.TotalBlocks, 0), (runner.Kv.FreeBlocks, scheduler.PromisedBlocks));
    }

    private void Submit()
    {
        var group = new SequenceGroup(
            new int[random.Next(1, 90)], random.Next(5) == 0 ? 0 : random.Next(1, 40), random.Next(3) == 0 ? random.Next(1, 6) : 1);
        if (group.WantsHidden && group.Choices > 1)
            return;
        if (!scheduler.CanEverFit(group))
        {
            Assert.Throws<ArgumentException>(() => scheduler.Submit(group));
            return;
        }

        submitted.Add(group);
        scheduler.Submit(group);
    }

    private void Step()
    {
        var plan = scheduler.Plan(1);
        Assert.Equal(scheduler.Idle, plan.IsEmpty);
        if (plan.IsEmpty)
            return;

        VerifyPlan(plan);
        var before = Progress();
        result.Begin(runner.Run(plan.Batch, new AbortSignal()));
        if (result.Outcome == StepOutcome.Completed)
            Decide(plan);
        scheduler.Apply(plan, result);
        Assert.Null(scheduler.Check());
        Assert.Null(runner.CheckKv());
        stepsWithoutProgress = Progress() > before || result.Outcome != StepOutcome.Completed ? 0 : stepsWithoutProgress + 1;
        Assert.Equal(0, stepsWithoutProgress);
    }

    private void Decide(StepPlan plan)
    {
        foreach (var slice in plan.Slices)
        {
            for (var i = 0; i < slice.Samples; i++)
            {
                var choice = slice.IsPrefill ? i : slice.Choice;
                if (Sampled(slice.Group, choice) + 1 == slice.Group.MaxOutputTokens || random.Next(12) == 0)
                    result.End(slice.Group, choice);
                else
                    result.Continue(slice.Group, choice, random.Next(256));
            }
        }
    }

    private void VerifyPlan(StepPlan plan)
    {
        Assert.InRange(plan.Batch.Rows, 1, budget);
        Assert.Equal(plan.Batch.Slices.Length, plan.Batch.Slices.ToArray().Select(slice => slice.Sequence).Distinct().Count());
        for (var i = 0; i < plan.Slices.Length; i++)
        {
            var (slice, row) = (plan.Slices[i], plan.Batch.Slices[i]);
            Assert.Equal(runner.Kv.Length(row.Sequence), row.Position);
            Assert.Equal((row.Position, row.Count), (slice.Start, slice.Rows));
            Assert.Equal(0, runner.Kv.BlocksToGrow(row.Sequence, row.Position + row.Count));
        }

        // Every live decoder has its row in every step; the oldest prompt always has some.
        var decoding = submitted.Where(group => group.State == SequenceGroupState.Decoding).Sum(group => group.LiveChoices);
        Assert.Equal(decoding, plan.Slices.ToArray().Count(slice => !slice.IsPrefill));
        var oldest = submitted.FirstOrDefault(group => group.State == SequenceGroupState.Prefilling);
        Assert.True(oldest is null || plan.Slices.ToArray().Any(slice => slice.Group == oldest));
    }

    private static int Sampled(SequenceGroup group, int choice) => group.At(choice).Sampled;

    private int Progress() => submitted.Sum(group => group.Prefilled + Enumerable.Range(0, group.Choices).Sum(choice => Sampled(group, choice)));
}
