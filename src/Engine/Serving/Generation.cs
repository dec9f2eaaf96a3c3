using Penstock.Contracts.Generation;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Requests;

namespace Penstock.Engine.Serving;

/// <summary>The reader's side of a generation.</summary>
internal sealed class Generation(EngineCore core, GenerationRequest request) : IGeneration
{
    private int disposed;

    public int PromptTokens { get; } = request.PromptTokens;

    public Task<GenerationSummary> Completion => request.Completion;

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => request.Events.WaitToReadAsync(cancellationToken);

    public bool TryRead(out GenerationEvent item) => request.Events.TryRead(out item);

    public void Cancel()
    {
        if (!request.Completion.IsCompleted)
            core.Cancel(request);
    }

    public async ValueTask DisposeAsync()
    {
        Cancel();
        await Completion;
        if (Interlocked.Exchange(ref disposed, 1) == 0)
            request.ReturnBuffers();
    }
}
