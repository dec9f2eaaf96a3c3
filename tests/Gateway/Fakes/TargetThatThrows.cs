using Penstock.Contracts;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;

namespace Penstock.Gateway.Tests.Fakes;

/// <summary>A target that breaks the contract of its port by throwing, at a place of the test's choice.</summary>
internal sealed class TargetThatThrows(IInferenceTarget inner) : IInferenceTarget
{
    /// <summary>Where it throws; null behaves well.</summary>
    public ThrowsAt? At { get; set; }

    public TargetDescription Description => inner.Description;

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request)
    {
        Throw(ThrowsAt.Prepare);
        var prepared = inner.Prepare(request);
        return prepared.Ok ? Outcome.Of<IPreparedRequest>(new PreparedThatThrows(this, prepared.Value)) : prepared.Error;
    }

    private void Throw(ThrowsAt place)
    {
        if (At == place)
        {
            throw new InvalidOperationException("planted");
        }
    }

    private sealed class PreparedThatThrows(TargetThatThrows target, IPreparedRequest prepared) : IPreparedRequest
    {
        public int PromptTokens => prepared.PromptTokens;

        public Outcome<IGeneration> Start()
        {
            target.Throw(ThrowsAt.Start);
            var started = prepared.Start();
            return started.Ok ? Outcome.Of<IGeneration>(new GenerationThatThrows(target, started.Value)) : started.Error;
        }

        public async ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken)
        {
            target.Throw(ThrowsAt.Embed);
            return await prepared.EmbedAsync(cancellationToken);
        }
    }

    private sealed class GenerationThatThrows(TargetThatThrows target, IGeneration generation) : IGeneration
    {
        private bool read;

        public int PromptTokens => generation.PromptTokens;

        public Task<GenerationSummary> Completion => target.At == ThrowsAt.Completion
            ? Task.FromException<GenerationSummary>(new InvalidOperationException("planted"))
            : generation.Completion;

        public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
        {
            target.Throw(read ? ThrowsAt.LaterWait : ThrowsAt.FirstWait);
            return generation.WaitToReadAsync(cancellationToken);
        }

        public bool TryRead(out GenerationEvent item)
        {
            target.Throw(ThrowsAt.Read);
            read = true;
            return generation.TryRead(out item);
        }

        public void Cancel()
        {
            target.Throw(ThrowsAt.Cancel);
            generation.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            target.Throw(ThrowsAt.Dispose);
            return generation.DisposeAsync();
        }
    }
}
