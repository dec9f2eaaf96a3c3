using Penstock.Engine.Running;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Wraps a runner so that one request at a time samples the tokens of a script.</summary>
internal sealed class ScriptedRunner(IModelRunner inner, IReadOnlyList<int> script) : IModelRunner
{
    private int said;

    public RunnerCapabilities Capabilities => inner.Capabilities;

    public IKvStore Kv => inner.Kv;

    public StepOutcome Run(StepBatch batch, AbortSignal abort) => inner.Run(batch, abort);

    public Span<float> Logits(int index)
    {
        var logits = inner.Logits(index);
        logits.Clear();
        logits[script[said++ % script.Count]] = 1000;
        return logits;
    }

    public ReadOnlySpan<float> Hidden(int index) => inner.Hidden(index);

    public void Dispose() => inner.Dispose();
}
