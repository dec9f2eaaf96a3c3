namespace Penstock.Contracts.Generation;

/// <summary>
/// A generation that a target has admitted. One reader. Dispose it always: that cancels what still runs, waits until the
/// target has let go of it and returns its buffers.
/// </summary>
public interface IGeneration : IAsyncDisposable
{
    /// <summary>Tokens of the prompt, known at admission.</summary>
    int PromptTokens { get; }

    /// <summary>Waits until <see cref="TryRead"/> has something (true) or the generation has ended and all was read (false).</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the generation goes on until cancelled or disposed.</exception>
    ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken);

    /// <summary>Takes the next event without waiting.</summary>
    bool TryRead(out GenerationEvent item);

    /// <summary>Asks the target to stop. Returns at once; honoured before the target's next step; idempotent.</summary>
    void Cancel();

    /// <summary>Completes when the target has let go of the request, also after a cancel or an error. Never faults.</summary>
    Task<GenerationSummary> Completion { get; }
}
