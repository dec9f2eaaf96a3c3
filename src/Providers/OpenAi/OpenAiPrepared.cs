using Penstock.Contracts;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Providers.Http;
using Penstock.Providers.Reading;

namespace Penstock.Providers.OpenAi;

/// <summary>A request that may go to a provider. Nothing has been sent.</summary>
/// <param name="connection">To the provider.</param>
/// <param name="model">As the provider knows it.</param>
/// <param name="request">The request.</param>
/// <param name="wire">Its body: the client's own, or what it was translated into.</param>
/// <param name="losses">What the translation could not say; null where there was none, and then the provider's bytes are the answer.</param>
/// <param name="time">The clock.</param>
internal sealed class OpenAiPrepared(
    UpstreamConnection connection, string model, InferenceRequest request, WireRequest wire, IReadOnlyList<Loss>? losses, TimeProvider time) : IPreparedRequest
{
    // What a request that names no limit may cost is not known here; so many tokens hold most answers.
    private const int AssumedOutputTokens = 4096;

    public int PromptTokens => TokenEstimate.WithPictures(request.PromptTokensEstimate, request.Pictures, connection.Options.PictureTokens);

    public IReadOnlyList<Loss> Losses => losses ?? [];

    public int MaxPromptTokens => TokenEstimate.WithPictures(TokenEstimate.AtMost(request.PromptTokensEstimate), request.Pictures, connection.Options.PictureTokens);

    public int MaxOutputTokens => request.Kind == RequestKind.Embedding
        ? 0
        : (int)Math.Min((long)(request.MaxOutputTokens ?? AssumedOutputTokens) * request.Choices, int.MaxValue);

    public Outcome<IGeneration> Start()
    {
        var responses = wire.Form == WireForm.Responses;
        var body = OpenAiBody.Splice(wire, model, request.Stream && connection.Options.StreamUsage && !responses, noStore: responses);
        IGeneration generation = (responses, request.Stream) switch
        {
            (true, true) => new ResponsesStream(connection, Path, body, PromptTokens, time),
            (true, false) => new ResponsesWhole(connection, Path, body, PromptTokens, time),
            (false, true) => new OpenAiStream(connection, Path, body, request, PromptTokens, time),
            (false, false) => new OpenAiWhole(connection, Path, body, PromptTokens, time),
        };
        return Outcome.Of(losses is null ? generation : new ReadGeneration(generation, new ChatAnswerReader(), connection.Options.Name));
    }

    public async ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken)
    {
        var tally = new UpstreamTally(PromptTokens, time);
        var call = new UpstreamCall(connection, Path, OpenAiBody.Splice(wire, model, askUsage: false), time, cancellationToken);
        try
        {
            if (await call.OpenAsync() is { } refusal)
            {
                return refusal;
            }

            var body = await AnswerBody.ReadAsync(call.Response!, AnswerBody.LargestAnswer, cancellationToken);
            return Read(body, tally);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return new EmbeddingResult([], tally.Summarize(FinishReason.Cancelled, FinishCause.Client));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return UpstreamErrors.Cut(call.Target, produced: false);
        }
        finally
        {
            call.Close();
        }
    }

    private string Path => wire.Form switch
    {
        WireForm.ChatCompletions => "chat/completions",
        WireForm.Completions => "completions",
        WireForm.Responses => "responses",
        _ => "embeddings",
    };

    private Outcome<EmbeddingResult> Read(ReadOnlyMemory<byte> body, UpstreamTally tally)
    {
        if (!OpenAiAnswer.TryRead(body.Span, wantModel: true, out var answer))
        {
            return UpstreamErrors.Malformed(connection.Options.Name, produced: true);
        }

        if (answer.IsError)
        {
            return UpstreamErrors.InAnswer(connection.Options.Name, body.Span, produced: false);
        }

        tally.Model = answer.Model;
        if (answer.Usage is { } usage)
        {
            // Embeddings have no output: that none is reported is no gap in the books.
            tally.Report(usage with { Output = 0 }, body.Span[answer.UsageRange]);
        }

        tally.Count(0);
        return new EmbeddingResult([], tally.Summarize(FinishReason.Stop, FinishCause.Request)) { Wire = body };
    }
}
