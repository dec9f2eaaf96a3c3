using Penstock.Engine.Running;
using Penstock.Engine.Simulation;

namespace Penstock.Functional.Tests.Hosting;

/// <summary>A runner that fails when it is told to. A fault is drawn for each step.</summary>
/// <param name="inner">What computes otherwise.</param>
/// <param name="draw">The fault of a step, which is counted from 1; null = none.</param>
internal sealed class FaultyRunner(IModelRunner inner, Func<int, FaultKind?> draw) : IModelRunner
{
    private int steps;
    private bool notNumbers;

    /// <summary>Steps that failed.</summary>
    public int Faults { get; private set; }

    public RunnerCapabilities Capabilities => inner.Capabilities;

    public IKvStore Kv => inner.Kv;

    public StepOutcome Run(StepBatch batch, AbortSignal abort)
    {
        var fault = draw(++steps);
        notNumbers = fault == FaultKind.NotANumber;
        Faults += fault is null ? 0 : 1;
        return fault switch
        {
            FaultKind.Throw => throw new InvalidOperationException("A planted fault."),
            FaultKind.Fail => StepOutcome.Failed,
            FaultKind.OutOfBlocks => StepOutcome.OutOfBlocks,
            FaultKind.Abort => StepOutcome.Aborted,
            _ => inner.Run(batch, abort),
        };
    }

    public Span<float> Logits(int index)
    {
        var logits = inner.Logits(index);
        if (notNumbers)
        {
            logits.Fill(float.NaN);
        }

        return logits;
    }

    public ReadOnlySpan<float> Hidden(int index) => inner.Hidden(index);

    public void Dispose() => inner.Dispose();
}
