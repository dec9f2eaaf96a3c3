using Penstock.Engine.Scheduling.Cost;

namespace Penstock.Engine.Scheduling.Preemption;

/// <summary>
/// Chooses who gives way to a higher class: the running group of a strictly lower class whose loss is least, and of those that
/// free enough alone before those that do not. The loss is what it costs to come back: its KV saved and restored, or computed again.
/// </summary>
/// <remarks>
/// What a group is owed is compared by its own class, what protects a victim is the class that it was lifted to, and nobody
/// gives way twice without having advanced: so equals never evict each other, and everybody who runs gets on.
/// </remarks>
internal sealed class Preemptor(SequenceLeases leases, StepCostModel cost, long mostBytes)
{
    private double bytesPerToken;

    /// <summary>Bytes of KV kept in memory.</summary>
    public long SavedBytes { get; private set; }

    /// <summary>Groups preempted since the start.</summary>
    public long Preemptions { get; private set; }

    /// <summary>The next group that gives way so that <paramref name="next"/> fits; null when it fits, or when all that may give way would not be enough.</summary>
    public SequenceGroup? Victim(SequenceGroup next, List<SequenceGroup> running)
    {
        var lacks = leases.Lacks(next);
        if (lacks is ( <= 0, <= 0))
            return null;

        var (sequences, blocks) = lacks;
        SequenceGroup? best = null;
        var bestLoss = (EnoughAlone: false, Seconds: double.MaxValue);
        foreach (var group in running)
        {
            if (!MayPreempt(next, group))
                continue;

            var yields = leases.Yields(group);
            (sequences, blocks) = (sequences - yields.Sequences, blocks - yields.Blocks);
            var loss = (EnoughAlone: yields.Sequences >= lacks.Sequences && yields.Blocks >= lacks.Blocks, Seconds: Math.Min(MoveSeconds(group), ComputeSeconds(group)));
            if (best is null || (loss.EnoughAlone && !bestLoss.EnoughAlone) || (loss.EnoughAlone == bestLoss.EnoughAlone && loss.Seconds < bestLoss.Seconds))
                (best, bestLoss) = (group, loss);
        }

        return (sequences, blocks) is ( <= 0, <= 0) ? best : null;
    }

    /// <summary>Takes everything from a running group, so that it can go on later.</summary>
    /// <returns>Tokens whose KV was saved.</returns>
    public int Suspend(SequenceGroup group)
    {
        Preemptions++;
        group.Preemptions++;
        group.Advanced = false;
        if (MoveSeconds(group) < ComputeSeconds(group))
            Save(group);
        leases.Suspend(group);
        return group.Saved?.Tokens ?? 0;
    }

    /// <summary>Lets go of what was saved of a group.</summary>
    public void Forget(SequenceGroup group)
    {
        if (group.Saved is not { } saved)
            return;

        SavedBytes -= saved.Length;
        saved.Dispose();
        group.Saved = null;
    }

    private static bool MayPreempt(SequenceGroup next, SequenceGroup victim) =>
        victim.Class > next.Terms.Class && (victim.Preemptions == 0 || victim.Advanced);

    private void Save(SequenceGroup group)
    {
        var saved = leases.Save(group);
        bytesPerToken = (double)saved.Length / Math.Max(1, saved.Tokens);
        if (SavedBytes + saved.Length > mostBytes)
        {
            saved.Dispose();
            return;
        }

        SavedBytes += saved.Length;
        group.Saved = saved;
    }

    // Several choices share their prompt, which saved sequences cannot: they are computed again.
    private double MoveSeconds(SequenceGroup group)
    {
        var tokens = leases.Stored(group, group.Lead);
        return group.Remaining > 1 || tokens == 0 || SavedBytes + (tokens * bytesPerToken) > mostBytes
            ? double.MaxValue
            : 2 * tokens * cost.Coefficients.MovedToken;
    }

    private double ComputeSeconds(SequenceGroup group)
    {
        var tokens = leases.Stored(group, group.Lead) + group.Forked switch
        {
            true => (group.Remaining - 1) * (double)(group.StoredWhenDecoding(group.Lead) - group.Prompt.Length),
            false => 0,
        };
        return tokens * (cost.Coefficients.PromptToken + (0.5 * tokens * cost.Coefficients.PromptContext));
    }
}
