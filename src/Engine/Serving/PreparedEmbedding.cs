using Penstock.Contracts;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Targets;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Requests;

namespace Penstock.Engine.Serving;

/// <summary>An embedding request that fits the model.</summary>
internal sealed class PreparedEmbedding(EngineCore core, EmbeddingRequest request, string? fingerprint) : IPreparedRequest
{
    private int started;

    public int PromptTokens { get; } = request.PromptTokens;

    public string? Fingerprint => fingerprint;

    public Outcome<IGeneration> Start() => throw new InvalidOperationException("This request was prepared for embedding.");

    public async ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref started, 1) != 0)
            throw new InvalidOperationException("A prepared request can be started once.");
        if (core.Submit(request) is { } refused)
            return refused;

        await using var registration = cancellationToken.Register(() => core.Cancel(request));
        var summary = await request.Completion;
        if (request.Ending.Error is { } error)
            return error;

        return new EmbeddingResult(summary.FinishReason != FinishReason.Stop ? [] : request.Vectors, summary);
    }
}
