using Penstock.Engine.Running;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving.Requests;

namespace Penstock.Engine.Serving.Loop;

/// <summary>
/// Knows how many requests still want the running step, and raises the abort signal when none does. A lock-free word holds the
/// step's number and that count. A cancel that comes too late may abort the following step; then it is planned again, unchanged.
/// </summary>
internal sealed class RunningStep
{
    private const int CountBits = 16;

    private long word;

    public AbortSignal Abort { get; } = new();

    /// <summary>Number of the step that runs or ran last.</summary>
    public long Number { get; private set; }

    /// <summary>Makes the plan's requests members of a new step.</summary>
    /// <returns>False when all of them have been cancelled: there is nothing to compute.</returns>
    public bool Begin(StepPlan plan)
    {
        Abort.Lower();
        Number++;

        // The count begins with one for the loop itself, so that it cannot reach 0 while members still join.
        Interlocked.Exchange(ref word, (Number << CountBits) | 1);
        foreach (var slice in plan.Slices)
        {
            Interlocked.Increment(ref word);
            if (Request(slice).Membership.Join(Number) != StepMembership.Idle)
                Interlocked.Decrement(ref word);
        }

        return (Interlocked.Decrement(ref word) & ((1 << CountBits) - 1)) > 0;
    }

    /// <summary>The step is over.</summary>
    public void End(StepPlan plan)
    {
        foreach (var slice in plan.Slices)
            Request(slice).Membership.Quit(Number);
    }

    /// <summary>From any thread: a request does not want its step any more.</summary>
    /// <returns>False when it had been cancelled before.</returns>
    public bool Leave(StepMembership membership)
    {
        var step = membership.Leave();
        if (step == StepMembership.Left)
            return false;

        var seen = Interlocked.Read(ref word);
        while (step != StepMembership.Idle && seen >> CountBits == step)
        {
            var before = Interlocked.CompareExchange(ref word, seen - 1, seen);
            if (before == seen)
            {
                if (((seen - 1) & ((1 << CountBits) - 1)) == 0)
                    Abort.Raise();
                break;
            }

            seen = before;
        }

        return true;
    }

    private static EngineRequest Request(PlannedSlice slice) => ((RequestGroup)slice.Group).Request;
}
