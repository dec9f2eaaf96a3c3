using Penstock.Contracts.Errors;

namespace Penstock.Engine.Serving.Loop;

/// <summary>The thread that owns a model's state and turns its <see cref="EngineCore"/> until it is stopped.</summary>
internal sealed class EngineLoop : IAsyncDisposable
{
    private readonly EngineCore core;
    private readonly Action<Exception>? onFault;
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopping;

    public EngineLoop(EngineCore core, string name, Action<Exception>? onFault)
    {
        (this.core, this.onFault) = (core, onFault);
        new Thread(Run) { Name = $"engine {name}", IsBackground = true }.Start();
    }

    /// <summary>Ends what runs and waits for the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        stopping = true;
        core.Gate.Wake();
        await finished.Task;
    }

    private void Run()
    {
        try
        {
            while (!stopping)
            {
                // Before the turns, so that a command that comes after the last of them is not slept over.
                core.Gate.Rest();
                while (!stopping && core.Turn())
                {
                }

                if (!stopping)
                    core.Gate.Wait();
            }

            core.EndAll(new PenstockError(ErrorCode.Unavailable, "The server is shutting down. Try again when it is back."), broken: false);
        }
        catch (Exception fault)
        {
            onFault?.Invoke(fault);
            EndBroken();
        }

        finished.SetResult();
    }

    // The last resort of a thread that nobody watches: what escaped from here would take the process with it, and the other models.
    private void EndBroken()
    {
        try
        {
            core.EndAll(new PenstockError(ErrorCode.Internal, "The model's engine met a fault and has stopped. Restart the server; its log has the cause."), broken: true);
        }
        catch (Exception fault)
        {
            onFault?.Invoke(fault);
        }
    }
}
