using Penstock.Engine.Running;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Wraps a runner so that each step waits until the test lets it go; what happens "during a step" can then be arranged exactly.</summary>
internal sealed class GatedRunner(IModelRunner inner) : IModelRunner
{
    private readonly SemaphoreSlim entered = new(0);
    private readonly SemaphoreSlim released = new(0);
    private volatile bool open;

    public RunnerCapabilities Capabilities => inner.Capabilities;

    public IKvStore Kv => inner.Kv;

    public IAdapterStore? Adapters => inner.Adapters;

    public StepOutcome LastOutcome { get; private set; }

    public int Rows { get; private set; }

    /// <summary>Whether the running step has been told to abort.</summary>
    public AbortSignal? Abort { get; private set; }

    public StepOutcome Run(StepBatch batch, AbortSignal abort)
    {
        (Rows, Abort) = (batch.Rows, abort);
        if (!open)
        {
            entered.Release();
            released.Wait();
        }

        return LastOutcome = inner.Run(batch, abort);
    }

    /// <summary>Waits until the loop is inside a step.</summary>
    public Task StepBegunAsync() => entered.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Lets the step go on.</summary>
    public void Release() => released.Release();

    /// <summary>Lets this step and all that follow go on.</summary>
    public void Open()
    {
        open = true;
        released.Release();
    }

    /// <summary>Lets steps wait again.</summary>
    public void Shut()
    {
        open = false;
        while (released.Wait(0) || entered.Wait(0))
        {
        }
    }

    public Span<float> Logits(int index) => inner.Logits(index);

    public ReadOnlySpan<float> Hidden(int index) => inner.Hidden(index);

    public void Dispose()
    {
        inner.Dispose();
        entered.Dispose();
        released.Dispose();
    }
}
