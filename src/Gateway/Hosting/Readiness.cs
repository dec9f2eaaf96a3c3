using Penstock.Gateway.Settings;

namespace Penstock.Gateway.Hosting;

/// <summary>Which models have answered their warm-up. Thread-safe.</summary>
public sealed class Readiness
{
    private readonly DrainSignal drain;
    private readonly TaskCompletionSource warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left;

    public Readiness(LiveSettings settings, DrainSignal drain)
    {
        this.drain = drain;
        left = settings.Current.Models.Models.Count;
        if (left == 0)
        {
            // Models elsewhere are not asked before somebody asks for them.
            warm.SetResult();
        }
    }

    /// <summary>Completes when every model has answered.</summary>
    public Task Warm => warm.Task;

    /// <summary><c>ready</c>, <c>starting</c> or <c>stopping</c>.</summary>
    public string Status => drain.Draining ? "stopping" : warm.Task.IsCompleted ? "ready" : "starting";

    /// <summary>One more model has answered.</summary>
    public void Answered()
    {
        if (Interlocked.Decrement(ref left) == 0)
        {
            warm.TrySetResult();
        }
    }
}
