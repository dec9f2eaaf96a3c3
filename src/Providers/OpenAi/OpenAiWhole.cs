using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Providers.Http;

namespace Penstock.Providers.OpenAi;

/// <summary>An answer of OpenAI's that is not streamed: one event with the whole body.</summary>
internal sealed class OpenAiWhole(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    : UpstreamGeneration(connection, path, body, promptEstimate, time)
{
    protected override async ValueTask<GenerationEvent?> ReadAsync()
    {
        var answer = await ReadBodyAsync();
        return Read(answer);
    }

    protected override bool TryTake(out GenerationEvent item)
    {
        item = default;
        return false;
    }

    private GenerationEvent Read(ReadOnlyMemory<byte> body)
    {
        if (!OpenAiAnswer.TryRead(body.Span, wantModel: true, out var answer))
        {
            return FailMalformed(body);
        }

        if (answer.IsError)
        {
            return Fail(UpstreamErrors.InAnswer(Call.Target, body.Span, produced: false));
        }

        Tally.Model = answer.Model;
        if (answer.Usage is { } usage)
        {
            Tally.Report(usage, body.Span[answer.UsageRange]);
        }
        Tally.ReasoningShown = answer.HasReasoning;
        var estimate = TokenEstimate.OfBytes(answer.ContentBytes);
        Tally.Count(estimate);
        var tokens = estimate + Tally.Correct();
        ChoiceEnded(answer.FinishReason);
        End();
        return new GenerationEvent
        {
            Kind = GenerationEventKind.Finish,
            Tokens = tokens,
            Wire = body,
            Timestamp = Tally.LastTokenAt,
            FinishReason = answer.FinishReason,
            FinishCause = answer.FinishReason == FinishReason.Length ? FinishCause.Request : FinishCause.Model,
        };
    }
}
