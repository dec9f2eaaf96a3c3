using Penstock.Contracts.Requests;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Scheduling.Order;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;

namespace Penstock.Engine.Tests.Scheduling;

/// <summary>Drives a scheduler over a simulated runner through a random schedule and verifies the invariants after every step.</summary>
internal sealed class SchedulerMachine : IDisposable
{
    private static readonly FaultKind[] Kinds = [FaultKind.Fail, FaultKind.Throw, FaultKind.Abort, FaultKind.OutOfBlocks, FaultKind.Slow, FaultKind.Hang];

    private readonly Random random;
    private readonly VirtualClock clock = new();
    private readonly SimulatedRunner runner;
    private readonly Scheduler scheduler;
    private readonly SchedulerOptions options;
    private readonly StepResult result = new();
    private readonly List<Tracked> submitted = [];
    private readonly TenantAccount[] tenants;
    private readonly AdapterUse[] adapters = [default];
    private readonly PrefixCache? prefixes;
    private readonly bool alike;
    private readonly int budget;
    private int stepsWithoutPrompt;

    public SchedulerMachine(int seed)
    {
        random = new Random(seed);
        var sequences = random.Next(1, 9);
        var parked = random.Next(5);
        budget = random.Next(sequences, 40);
        runner = new SimulatedRunner(
            new SimulatedRunnerOptions
            {
                TotalBlocks = random.Next(4, 24),
                MaxSequences = sequences + parked,
                MaxRows = 64,
                VocabularySize = 16,
                Faults = Faults(),
            },
            clock);
        options = new SchedulerOptions
        {
            Policy = (SchedulingPolicy)Math.Max(0, random.Next(6) - 3),
            GapTarget = random.Next(3) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(10, 200)),
            PrefillEvery = random.Next(1, 6),
            SavedKvBytes = random.Next(3) * 1000,
            Patience = random.Next(2) == 0 ? ClassPatience.Default : new ClassPatience(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(0.3)),
        };
        if (random.Next(2) == 0)
            adapters = [default, .. SimulatedAdapters.LoadInto(runner)];
        prefixes = parked == 0 ? null : new PrefixCache(runner.Kv, sequences, parked, ownerShare: random.Next(3) == 0 ? 0.4 : 1);
        alike = random.Next(3) > 0;
        scheduler = new Scheduler(runner.Kv, new SchedulerLimits(budget, sequences), options, prefixes);
        var accounts = new TenantAccounts(new Dictionary<string, double> { ["a"] = 1, ["b"] = 2 });
        tenants = [accounts.Of("a"), accounts.Of("b"), accounts.Of("c")];
    }

    public int Steps => runner.Steps;

    /// <summary>Groups that ended with all that they asked for, every token as it would have been alone.</summary>
    public int Whole => submitted.Count(tracked => tracked.IsWhole);

    /// <summary>Steps in which something was planted.</summary>
    public int FaultySteps { get; private set; }

    public long Preemptions => scheduler.Preemptions;

    /// <summary>Prompt tokens that were cached.</summary>
    public int Cached => submitted.Sum(tracked => tracked.Group.Cached);

    /// <summary>Blocks evicted.</summary>
    public long Evicted => prefixes?.EvictedBlocks ?? 0;

    public void Dispose() => runner.Dispose();

    public void RunToTheEnd(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            if (random.Next(4) == 0)
                Submit();
            if (random.Next(12) == 0 && submitted.Count > 0)
                scheduler.End(submitted[random.Next(submitted.Count)].Group, keep: random.Next(2) == 0);
            Step();
        }

        for (var step = 0; !scheduler.Idle; step++)
        {
            Step();
            Assert.True(step < 20_000, "Nobody arrives any more, but the work does not end.");
        }

        Assert.All(submitted, tracked => Assert.Equal(SequenceGroupState.Ended, tracked.Group.State));
        Assert.Null(scheduler.Check());
        Assert.True(prefixes?.MakeRoom(runner.Kv.TotalBlocks) ?? true);
        Assert.Equal((runner.Kv.TotalBlocks, 0, 0L), (runner.Kv.FreeBlocks, scheduler.PromisedBlocks, scheduler.SavedKvBytes));
    }

    // Mostly now and then; in some runs at every other step or so.
    private PlantedFault[] Faults()
    {
        var faults = random.Next(5) == 0 ? random.Next(20, 120) : random.Next(6);
        return [.. Enumerable.Range(0, faults).Select(_ => new PlantedFault(random.Next(1, 200), Kinds[random.Next(Kinds.Length)]))];
    }

    private void Submit()
    {
        var now = clock.GetTimestamp();
        var terms = new GroupTerms
        {
            Tenant = random.Next(4) is var tenant && tenant < 3 ? tenants[tenant] : null,
            Class = (ServiceClass)random.Next(3),
            Priority = random.Next(2),
            PrefixDomain = random.Next(6) switch { 0 => "other", 1 => PrefixTree.Common, _ => "one" },
            Adapter = adapters[random.Next(adapters.Length)],
            Deadline = random.Next(4) == 0 ? now + random.Next(100_000_000) : GroupTerms.Never,
        };
        // Alike: most tokens are the same, so that many prompts begin with the same blocks.
        var prompt = Enumerable.Range(0, random.Next(1, 90)).Select(_ => alike && random.Next(40) > 0 ? 7 : random.Next(16)).ToArray();
        var group = new SequenceGroup(prompt, random.Next(6) == 0 ? 0 : random.Next(1, 40), random.Next(4) == 0 ? random.Next(1, 6) : 1, terms);
        if (group.WantsHidden && group.Choices > 1)
            return;
        if (!scheduler.CanEverFit(group))
        {
            Assert.Throws<ArgumentException>(() => scheduler.Submit(group, now));
            return;
        }

        submitted.Add(new Tracked(group));
        scheduler.Submit(group, now);
    }

    private void Step()
    {
        var service = tenants.Sum(tenant => tenant.Service);
        var plan = scheduler.Plan(clock.GetTimestamp());
        Assert.Equal(scheduler.Idle, plan.IsEmpty);
        if (plan.IsEmpty)
            return;

        VerifyPlan(plan);
        var affected = plan.Slices.ToArray().Select(slice => slice.Group).ToHashSet();
        var before = submitted.Where(tracked => !affected.Contains(tracked.Group)).Select(tracked => (tracked.Group, tracked.Group.State)).ToArray();
        result.Begin(Run(plan));
        result.Duration = clock.GetElapsedTime(plan.Now);
        if (result.Outcome == StepOutcome.Completed)
            Decide(plan);
        scheduler.Apply(plan, result);
        Assert.Null(scheduler.Check());
        Assert.Null(runner.CheckKv());
        FaultySteps += result.Outcome == StepOutcome.Completed ? 0 : 1;
        if (result.Outcome is StepOutcome.Failed or StepOutcome.OutOfBlocks)
        {
            Assert.All(affected, group => Assert.Equal(SequenceGroupState.Ended, group.State));
            Assert.All(before, other => Assert.Equal(other.State, other.Group.State));
        }

        Assert.True(tenants.Sum(tenant => tenant.Service) >= service, "A counter fell.");
        foreach (var tracked in submitted)
            tracked.Verify();
    }

    private StepOutcome Run(StepPlan plan)
    {
        try
        {
            return runner.Run(plan.Batch, new AbortSignal());
        }
        catch (InvalidOperationException)
        {
            return StepOutcome.Failed;
        }
    }

    // Every token is what the sequence would give alone, whatever was chunked, preempted, saved or computed again.
    private void Decide(StepPlan plan)
    {
        foreach (var slice in plan.Slices)
        {
            var tracked = submitted.Single(candidate => candidate.Group == slice.Group);
            tracked.TakeRows(slice);
            for (var i = 0; i < slice.Samples; i++)
            {
                var choice = slice.IsPrefill ? i : slice.Choice;
                var token = (Best(runner.Logits(slice.Output)) + choice) % 16;
                tracked.Take(choice, token);
                if (tracked.Sampled(choice) == slice.Group.MaxOutputTokens || random.Next(20) == 0)
                    result.End(slice.Group, choice);
                else
                    result.Continue(slice.Group, choice, token);
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

        if (options.Policy == SchedulingPolicy.Unchunked)
            return;

        // Every stream that is not in the batch class has its row in every step, and a prompt advances at least every few steps.
        var groups = submitted.Select(tracked => tracked.Group).ToArray();
        var owed = groups.Where(group => group.State == SequenceGroupState.Decoding && group.Class < ServiceClass.Batch).Sum(group => group.LiveChoices);
        Assert.Equal(owed, plan.Slices.ToArray().Count(slice => !slice.IsPrefill && slice.Group.Class < ServiceClass.Batch));
        var waits = groups.Any(group => group.State == SequenceGroupState.Prefilling && group.Class < ServiceClass.Batch);
        stepsWithoutPrompt = waits && !plan.Slices.ToArray().Any(slice => slice.IsPrefill) ? stepsWithoutPrompt + 1 : 0;
        Assert.True(stepsWithoutPrompt < options.PrefillEvery, "A prompt did not advance for too many steps.");
    }

    private static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }

        return best;
    }

    /// <summary>A group and what it should have said by now.</summary>
    private sealed class Tracked(SequenceGroup group)
    {
        private readonly List<int>[] answers = [.. Enumerable.Range(0, group.Choices).Select(_ => new List<int>())];
        private int preemptions;
        private int hiddenTaken;
        private bool advanced;

        public SequenceGroup Group { get; } = group;

        /// <summary>Whether every choice has said as much as it was asked for.</summary>
        public bool IsWhole => answers.All(answer => answer.Count == Group.MaxOutputTokens);

        public int Sampled(int choice) => answers[choice].Count;

        public void TakeRows(PlannedSlice slice)
        {
            advanced = true;
            if (slice.Output < 0 || !slice.IsPrefill)
                return;

            // A row with an output is computed once for whoever takes it.
            Assert.True(slice.Start >= hiddenTaken, "A prompt's outputs were given twice.");
            hiddenTaken = slice.Start + slice.Rows;
        }

        public void Take(int choice, int token)
        {
            using var alone = new Alone(Group.Prompt.Span, answers[choice], Group.Terms.Adapter);
            Assert.Equal((alone.Next() + choice) % 16, token);
            answers[choice].Add(token);
        }

        public void Verify()
        {
            Assert.True(Group.Preemptions == preemptions || (Group.Preemptions == preemptions + 1 && (advanced || preemptions == 0)), "A group gave way twice without having advanced.");
            if (Group.Preemptions == preemptions)
                return;

            (preemptions, advanced) = (Group.Preemptions, false);
        }
    }

    /// <summary>The same prompt and answer on a machine of its own, computed at once.</summary>
    private sealed class Alone : IDisposable
    {
        private readonly SimulatedRunner runner = new(new SimulatedRunnerOptions { TotalBlocks = 16, MaxSequences = 1, MaxRows = 256, VocabularySize = 16 });

        public Alone(ReadOnlySpan<int> prompt, List<int> answer, AdapterUse adapter)
        {
            SimulatedAdapters.LoadInto(runner);
            int[] tokens = [.. prompt, .. answer];
            Assert.True(runner.Kv.TryReserve(0, tokens.Length));
            var batch = new StepBatch();
            batch.Add(0, 0, tokens, SliceOutput.LastRow, adapter);
            Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
        }

        public int Next() => Best(runner.Logits(0));

        public void Dispose() => runner.Dispose();
    }
}
