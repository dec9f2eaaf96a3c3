using Penstock.Contracts.Records;
using Penstock.Engine.Scheduling;

namespace Penstock.Engine.Serving.Gaps;

/// <summary>What an engine knows of the gaps of all its streams. Written by the loop; <see cref="Total"/> may be read by anybody.</summary>
/// <param name="target">The longest gap aimed at; null = none, and then gaps are not counted.</param>
internal sealed class GapWatch(TimeSpan? target)
{
    private readonly long[] totals = new long[GapCounts.Length];
    private StepEvents now;

    public TimeSpan Target { get; } = target ?? TimeSpan.Zero;

    /// <summary>The events up to and with the last step.</summary>
    public ref readonly StepEvents Now => ref now;

    /// <summary>A step was run.</summary>
    /// <param name="plan">What it did.</param>
    /// <param name="evictedBlocks">Blocks of cached prefixes evicted since the start.</param>
    public void Note(StepPlan plan, long evictedBlocks = 0) => now.Note(plan, GC.GetTotalPauseDuration(), evictedBlocks);

    /// <summary>Masks were worked out.</summary>
    public void NoteMasks(TimeSpan time) => now.NoteMasks(time);

    public void Count(GapCause cause) => Volatile.Write(ref totals[(int)cause], totals[(int)cause] + 1);

    /// <summary>Gaps over the target since the start that had this cause.</summary>
    public long Total(GapCause cause) => Volatile.Read(ref totals[(int)cause]);
}
