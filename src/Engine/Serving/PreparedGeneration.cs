using Penstock.Contracts;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Targets;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Requests;

namespace Penstock.Engine.Serving;

/// <summary>A chat or completion that fits the model.</summary>
internal sealed class PreparedGeneration(EngineCore core, GenerationRequest request) : IPreparedRequest
{
    private int started;

    public int PromptTokens { get; } = request.PromptTokens;

    public Outcome<IGeneration> Start()
    {
        if (Interlocked.Exchange(ref started, 1) != 0)
            throw new InvalidOperationException("A prepared request can be started once.");

        return core.Submit(request) is { } refused ? refused : Outcome.Of<IGeneration>(new Generation(core, request));
    }

    public ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This request was prepared for generation; start it.");
}
