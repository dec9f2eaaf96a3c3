using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Providers.Http;
using Penstock.Providers.OpenAi;
using Penstock.Providers.Reading;
using Penstock.Wire.Messages;

namespace Penstock.Providers.Anthropic;

/// <summary>A chat that may go to a provider of Anthropic's kind. Nothing has been sent.</summary>
/// <param name="connection">To the provider.</param>
/// <param name="model">As the provider knows it.</param>
/// <param name="request">The request.</param>
/// <param name="wire">Its body: the client's own, or what it was translated into.</param>
/// <param name="losses">What the translation could not say; null where there was none, and then the provider's bytes are the answer.</param>
/// <param name="time">The clock.</param>
internal sealed class AnthropicPrepared(
    UpstreamConnection connection, string model, InferenceRequest request, WireRequest wire, IReadOnlyList<Loss>? losses, TimeProvider time) : IPreparedRequest
{
    private const string Path = "messages";

    /// <summary>White space at the end of an answer's beginning that was not sent, and that the model is likely to say again.</summary>
    public string Trimmed { get; init; } = "";

    public int PromptTokens => TokenEstimate.WithPictures(request.PromptTokensEstimate, request.Pictures, connection.Options.PictureTokens);

    public int MaxPromptTokens => TokenEstimate.WithPictures(TokenEstimate.AtMost(request.PromptTokensEstimate), request.Pictures, connection.Options.PictureTokens);

    public int MaxOutputTokens => request.MaxOutputTokens ?? MessagesRequestWriter.DefaultMaxTokens;

    public IReadOnlyList<Loss> Losses => losses ?? [];

    public Outcome<IGeneration> Start()
    {
        var body = OpenAiBody.Splice(wire, model, askUsage: false);
        IGeneration generation = request.Stream
            ? new AnthropicStream(connection, Path, body, PromptTokens, time)
            : new AnthropicWhole(connection, Path, body, PromptTokens, time);
        if (losses is null)
        {
            return Outcome.Of(generation);
        }

        IGeneration read = new ReadGeneration(generation, new MessageAnswerReader(), connection.Options.Name);
        return Outcome.Of(Trimmed.Length > 0 ? new WithoutPrefix(read, Trimmed) : read);
    }

    public ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken) =>
        new(new PenstockError(ErrorCode.UnsupportedValue, $"The provider '{connection.Options.Name}' has no embeddings.", "model"));
}
