using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Engine.Running;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Serving;

/// <summary>A model that this process runs: template, tokenizer and one engine loop over a runner. Thread-safe. Disposing it ends what runs and disposes the runner.</summary>
public sealed class LocalTarget : IInferenceTarget, IAsyncDisposable
{
    private readonly IModelRunner runner;

    public LocalTarget(LocalTargetOptions options, IModelRunner runner, ITokenizer tokenizer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (Description, this.runner, Tokenizer) = (options.Description, runner, tokenizer);
    }

    public TargetDescription Description { get; }

    /// <summary>The model's tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>What the engine is doing now.</summary>
    public EngineStats Stats => new() { TotalBlocks = runner.Kv.TotalBlocks, FreeBlocks = runner.Kv.FreeBlocks };

    /// <summary>Whether a warm-up has been answered and the engine still takes requests.</summary>
    public bool Ready { get; private set; }

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request) =>
        new PenstockError(ErrorCode.Unavailable, $"The model '{Description.Name}' does not take requests yet; try again later.");

    /// <summary>Answers a small request of its own; <see cref="Ready"/> is true afterwards. Null, or why the model cannot answer.</summary>
    public ValueTask<PenstockError?> WarmUpAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Ready = true;
        return new((PenstockError?)null);
    }

    /// <summary>Takes no more requests and completes when those that it has taken have ended. Cancelling the token ends the wait, not the requests.</summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        Ready = false;
        return Task.CompletedTask.WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        runner.Dispose();
        return ValueTask.CompletedTask;
    }
}
