using System.Buffers;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Providers.Http;

namespace Penstock.Providers.OpenAi;

/// <summary>
/// A stream of OpenAI's chunks, passed on as they are. What comes before the first token (a role, a filter's verdict) waits for it: until then the call may
/// still fail without anybody having seen anything. The usage that the client did not ask for is kept back.
/// </summary>
internal sealed class OpenAiStream(UpstreamConnection connection, string path, HttpContent body, InferenceRequest request, int promptEstimate, TimeProvider time)
    : SseGeneration(connection, path, body, promptEstimate, time)
{
    private readonly ArrayBufferWriter<byte> held = new(512);
    private bool started;
    private int finished;

    protected override GenerationEvent? Decode(ReadOnlyMemory<byte> frame)
    {
        var data = SseFrame.DataOf(frame.Span);
        if (data.IsEmpty)
        {
            return null;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            return Done();
        }

        if (!OpenAiAnswer.TryRead(data, Tally.Model is null, out var chunk))
        {
            return Fail(UpstreamErrors.Malformed(Call.Target, Tally.Produced));
        }

        if (chunk.IsError)
        {
            return Fail(UpstreamErrors.InAnswer(Call.Target, data, Tally.Produced));
        }

        Tally.Model ??= chunk.Model;
        if (chunk.Usage is { } usage)
        {
            Tally.Report(usage, data[chunk.UsageRange]);
        }
        Tally.ReasoningShown |= chunk.HasReasoning;
        var unasked = chunk is { Choices: 0, Usage: not null } && request.Wire?.IncludeUsage != true;
        return unasked ? null : Pass(frame, chunk);
    }

    // [DONE] is missing, or the connection broke: an answer all of whose choices have ended is whole.
    protected override GenerationEvent? OnClosed() => finished >= request.Choices ? Done() : Fail(UpstreamErrors.Cut(Call.Target, Tally.Produced));

    private GenerationEvent? Pass(ReadOnlyMemory<byte> frame, in OpenAiAnswer chunk)
    {
        if (!started && !chunk.HasContent && chunk.Finished == 0)
        {
            held.Write(frame.Span);
            return null;
        }

        if (!started)
        {
            started = true;
            if (held.WrittenCount > 0)
            {
                held.Write(frame.Span);
                frame = held.WrittenMemory;
            }
        }

        if (chunk.HasContent)
        {
            Tally.Count(1);
        }

        finished += chunk.Finished;
        if (chunk.Finished > 0)
        {
            ChoiceEnded(chunk.FinishReason);
        }

        return new GenerationEvent
        {
            Kind = chunk.Finished > 0 ? GenerationEventKind.Finish : GenerationEventKind.Text,
            Choice = chunk.Choice,
            Tokens = chunk.HasContent ? 1 : 0,
            Wire = frame,
            Timestamp = Tally.LastTokenAt,
            FinishReason = chunk.FinishReason,
            FinishCause = chunk.FinishReason == FinishReason.Length ? FinishCause.Request : FinishCause.Model,
        };
    }

    // The events say how many chunks had content; the provider, how many tokens. The difference is handed over last.
    private GenerationEvent? Done()
    {
        End();
        var difference = Tally.Correct();
        return difference == 0 ? null : new GenerationEvent { Kind = GenerationEventKind.Text, Tokens = difference, Timestamp = Tally.LastTokenAt };
    }
}
