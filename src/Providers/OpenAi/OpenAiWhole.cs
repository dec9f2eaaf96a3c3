using Penstock.Contracts.Generation;
using Penstock.Providers.Http;

namespace Penstock.Providers.OpenAi;

/// <summary>An answer of OpenAI's that is not streamed: one event with the whole body.</summary>
internal sealed class OpenAiWhole(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    : UpstreamWhole(connection, path, body, promptEstimate, time)
{
    protected override GenerationEvent Read(ReadOnlyMemory<byte> body)
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
        return Ended(body, answer.FinishReason, TokenEstimate.OfBytes(answer.ContentBytes));
    }
}
