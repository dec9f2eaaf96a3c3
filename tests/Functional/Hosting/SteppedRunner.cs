using Penstock.Engine.Running;

namespace Penstock.Functional.Tests.Hosting;

/// <summary>A runner whose steps wait for the test's leave once it is held, and are counted.</summary>
internal sealed class SteppedRunner(IModelRunner inner) : IModelRunner
{
    private readonly SemaphoreSlim leave = new(0);
    private volatile bool held;
    private int begun;

    /// <summary>Steps that have begun.</summary>
    public int Begun => Volatile.Read(ref begun);

    public RunnerCapabilities Capabilities => inner.Capabilities;

    public IKvStore Kv => inner.Kv;

    /// <summary>From the next step on each waits for leave, but for so many.</summary>
    public void HoldAfter(int steps)
    {
        held = true;
        Release(steps);
    }

    public void Release(int steps)
    {
        if (steps > 0)
        {
            leave.Release(steps);
        }
    }

    public StepOutcome Run(StepBatch batch, AbortSignal abort)
    {
        Interlocked.Increment(ref begun);
        if (held)
        {
            leave.Wait();
        }

        return inner.Run(batch, abort);
    }

    public Span<float> Logits(int index) => inner.Logits(index);

    public ReadOnlySpan<float> Hidden(int index) => inner.Hidden(index);

    public void Dispose()
    {
        inner.Dispose();
        leave.Dispose();
    }
}
