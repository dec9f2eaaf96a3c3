using Penstock.Contracts;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Engine.Serving.Answers;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Requests;

namespace Penstock.Engine.Serving;

/// <summary>A chat or completion that fits the model.</summary>
/// <param name="core">Runs it.</param>
/// <param name="request">What is run.</param>
/// <param name="fingerprint">Of what computes it.</param>
/// <param name="reading">How its answers are taken apart; null: they are text.</param>
/// <param name="notices">What the client should know.</param>
/// <param name="losses">What the model is not shown.</param>
internal sealed class PreparedGeneration(
    EngineCore core, GenerationRequest request, string? fingerprint, AnswerReading? reading = null, IReadOnlyList<string>? notices = null, IReadOnlyList<Loss>? losses = null) : IPreparedRequest
{
    private int started;

    public int PromptTokens { get; } = request.PromptTokens;

    public int MaxOutputTokens { get; } = request.MostOutputTokens;

    public string? Fingerprint => fingerprint;

    public IReadOnlyList<string> Notices => notices ?? [];

    public IReadOnlyList<Loss> Losses => losses ?? [];

    public Outcome<IGeneration> Start()
    {
        if (Interlocked.Exchange(ref started, 1) != 0)
            throw new InvalidOperationException("A prepared request can be started once.");

        if (core.Submit(request) is { } refused)
            return refused;

        var generation = new Generation(core, request);
        return Outcome.Of<IGeneration>(reading is null ? generation : new ReadGeneration(generation, reading));
    }

    public ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This request was prepared for generation; start it.");
}
