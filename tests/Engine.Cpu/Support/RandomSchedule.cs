using System.Buffers;
using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>
/// Plays a random but legal life of many sequences (mixed steps, chunks, forks, cuts, save and restore, aborted steps) and
/// compares every logit with what the sequence gets alone.
/// </summary>
/// <param name="runner">Plays.</param>
/// <param name="answers">What a sequence gets alone: with no adapter, or one entry for each adapter that sequences may have.</param>
/// <param name="seed">Decides everything.</param>
internal sealed class RandomSchedule(IModelRunner runner, IReadOnlyList<AloneAnswers> answers, int seed)
{
    private const int Sequences = 17;
    private const int Prompts = 3;
    private readonly Random random = new(seed);
    private readonly AloneAnswers[] alone = [.. Enumerable.Repeat(answers[0], Sequences)];
    private readonly List<int>[] tokens = [.. Enumerable.Range(0, Sequences).Select(_ => new List<int>())];
    private readonly Queue<int>[] pending = [.. Enumerable.Range(0, Sequences).Select(_ => new Queue<int>())];

    public RandomSchedule(IModelRunner runner, AloneAnswers answers, int seed)
        : this(runner, [answers], seed)
    {
    }

    /// <summary>Sequences that got a prefix of another by reference.</summary>
    public int Forks { get; private set; }

    /// <summary>Sequences saved, released and restored.</summary>
    public int Restores { get; private set; }

    /// <summary>Steps given up between two layers and taken again.</summary>
    public int Aborts { get; private set; }

    /// <summary>Steps with all sequences in them.</summary>
    public int FullSteps { get; private set; }

    public void Play(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Reorder();
            Step();
        }
    }

    /// <summary>Leaves the runner empty for the next.</summary>
    public void End()
    {
        for (var sequence = 0; sequence < Sequences; sequence++)
            Release(sequence);
        Assert.Equal(runner.Kv.TotalBlocks, runner.Kv.FreeBlocks);
    }

    private void Reorder()
    {
        var sequence = random.Next(Sequences);
        switch (random.Next(6))
        {
            case 0:
                Release(sequence);
                break;
            case 1 when tokens[sequence].Count > 0:
                Truncate(sequence, random.Next(tokens[sequence].Count));
                break;
            case 2:
                Fork(sequence);
                break;
            case 3 when tokens[sequence].Count > 0:
                var saved = new ArrayBufferWriter<byte>();
                runner.Kv.Save(sequence, saved);
                runner.Kv.Release(sequence);
                Assert.Equal(KvRestoreOutcome.Restored, runner.Kv.Restore(sequence, saved.WrittenSpan));
                Restores++;
                break;
        }
    }

    private void Fork(int source)
    {
        var target = random.Next(Sequences);
        if (target == source || tokens[source].Count == 0)
            return;

        // What the target already has may stay, where the source begins with the same blocks.
        var from = Math.Min(tokens[source].Count, tokens[target].Count) / runner.Kv.BlockTokens * runner.Kv.BlockTokens;
        if (!tokens[source].Take(from).SequenceEqual(tokens[target].Take(from)))
            from = 0;
        if (alone[target] != alone[source])
            from = 0;
        Truncate(target, from);
        alone[target] = alone[source];
        var to = random.Next(from, tokens[source].Count + 1);
        runner.Kv.Share(source, target, from, to);
        Forks++;
        tokens[target].AddRange(tokens[source].Take(to).Skip(from));
    }

    private void Step()
    {
        var batch = new StepBatch();
        var plan = new List<(int Sequence, int Count, SliceOutput Output)>();
        foreach (var sequence in Enumerable.Range(0, Sequences).OrderBy(_ => random.Next()).Take(random.Next(4) == 0 ? Sequences : random.Next(1, Sequences)))
        {
            Feed(sequence);
            var count = Math.Min(random.Next(2) == 0 ? 1 : random.Next(1, 20), pending[sequence].Count);
            if (batch.Rows + count > runner.Capabilities.MaxRows || !runner.Kv.TryReserve(sequence, tokens[sequence].Count + count))
                continue;

            var output = (SliceOutput)random.Next(3);
            batch.Add(sequence, tokens[sequence].Count, pending[sequence].Take(count).ToArray(), output, alone[sequence].Adapter);
            plan.Add((sequence, count, output));
        }

        if (plan.Count == 0)
            return;

        FullSteps += plan.Count == Sequences ? 1 : 0;
        if (random.Next(5) == 0)
            Abort(batch);
        Assert.Equal(StepOutcome.Completed, runner.Run(batch, new AbortSignal()));
        Compare(plan);
    }

    private void Abort(StepBatch batch)
    {
        var abort = new AbortSignal();
        abort.Raise();
        Aborts++;
        Assert.Equal(StepOutcome.Aborted, runner.Run(batch, abort));
    }

    private void Compare(List<(int Sequence, int Count, SliceOutput Output)> plan)
    {
        var index = 0;
        foreach (var (sequence, count, output) in plan)
        {
            for (var i = 0; i < count; i++)
            {
                tokens[sequence].Add(pending[sequence].Dequeue());
                if (output == SliceOutput.EveryRow || (output == SliceOutput.LastRow && i == count - 1))
                    RunnerSteps.AssertSameBits(alone[sequence].Logits(tokens[sequence]), runner.Logits(index++), $"seed {seed}, sequence {sequence}, position {tokens[sequence].Count - 1}");
            }

            Assert.Equal(tokens[sequence].Count, runner.Kv.Length(sequence));
        }
    }

    // A few prompts only, so that what a sequence gets alone is computed once for many schedules.
    private void Feed(int sequence)
    {
        if (pending[sequence].Count > 0)
            return;

        if (tokens[sequence].Count > 200)
            Release(sequence);
        if (tokens[sequence].Count == 0)
            alone[sequence] = answers[random.Next(answers.Count)];
        var prompt = RunnerSteps.Tokens(400, random.Next(Prompts));
        foreach (var token in prompt.Skip(tokens[sequence].Count).Take(random.Next(1, 60)))
            pending[sequence].Enqueue(token);
    }

    private void Truncate(int sequence, int count)
    {
        runner.Kv.Truncate(sequence, count);
        tokens[sequence].RemoveRange(count, tokens[sequence].Count - count);
        pending[sequence].Clear();
    }

    private void Release(int sequence)
    {
        runner.Kv.Release(sequence);
        tokens[sequence].Clear();
        pending[sequence].Clear();
    }
}
