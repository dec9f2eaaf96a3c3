using Penstock.Engine.Running;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Wraps a runner so that its model wants one token above all others, whatever is asked for.</summary>
internal sealed class ForbiddenFirstRunner(IModelRunner inner, int wanted) : IModelRunner
{
    public RunnerCapabilities Capabilities => inner.Capabilities;

    public IKvStore Kv => inner.Kv;

    /// <summary>Steps so far.</summary>
    public int Steps { get; private set; }

    public StepOutcome Run(StepBatch batch, AbortSignal abort)
    {
        Steps++;
        return inner.Run(batch, abort);
    }

    public Span<float> Logits(int index)
    {
        var logits = inner.Logits(index);
        logits[wanted] = 60;
        return logits;
    }

    public ReadOnlySpan<float> Hidden(int index) => inner.Hidden(index);

    public void Dispose() => inner.Dispose();
}
