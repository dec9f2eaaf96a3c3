namespace Penstock.Gateway.Hosting;

/// <summary>Which models have answered their warm-up. Thread-safe.</summary>
public sealed class Readiness(ModelCatalog models, DrainSignal drain)
{
    private readonly TaskCompletionSource warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = models.Models.Count;

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
