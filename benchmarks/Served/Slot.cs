using Penstock.Engine.Running;

namespace Penstock.Benchmarks.Served;

/// <summary>A client of the bare closed loop: one request after the other, in one sequence.</summary>
internal sealed class Slot(int client, Workload workload)
{
    private int request;
    private int stored;
    private int answered;
    private int[] tokens = workload.Prompt(workload.PromptOf(client, 0), client + 1);

    /// <summary>Whether the step computes a token for it.</summary>
    public bool Sampled { get; private set; }

    /// <summary>Adds what is next: a row of the answer, or as much of the prompt as fits.</summary>
    /// <returns>Rows taken.</returns>
    public int AddTo(StepBatch batch, IKvStore kv, int rows)
    {
        Sampled = false;
        var count = Math.Min(rows, tokens.Length);
        if (count == 0)
            return 0;
        if (stored == 0 && !kv.TryReserve(client, tokens.Length + workload.DecodeTokens))
            throw new InvalidOperationException("Too little KV memory for the benchmark.");

        Sampled = count == tokens.Length;
        batch.Add(client, stored, tokens.AsSpan(0, count), Sampled ? SliceOutput.LastRow : SliceOutput.None);
        stored += count;
        tokens = tokens[count..];
        return count;
    }

    public void Take(int token, IKvStore kv)
    {
        tokens = [token];
        if (++answered < workload.DecodeTokens)
            return;

        Leave(kv);
        request++;
        tokens = workload.Prompt(workload.PromptOf(client, request), client + 1);
    }

    public void Leave(IKvStore kv)
    {
        kv.Release(client);
        (stored, answered) = (0, 0);
    }
}
