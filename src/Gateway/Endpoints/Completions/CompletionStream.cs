using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Completions;

/// <summary>A completion as <c>text_completion</c> events.</summary>
internal sealed class CompletionStream(HttpResponse response, AnswerHead head) : SseStream(response, head, "text_completion")
{
    protected override void WriteText(IBufferWriter<byte> output, in GenerationEvent item)
    {
        BeginChunk(output);
        output.Write("\"text\":\""u8);
        output.WriteEscaped(item.Text.Span);
        output.Write("\",\"index\":"u8);
        output.WriteNumber(item.Choice);
        output.Write(",\"logprobs\":"u8);
        if (item.LogProbs is { Count: > 0 } logProbs)
        {
            LogProbJson.WriteCompletion(Json(output), logProbs);
            EndJson();
        }
        else
        {
            output.Write("null"u8);
        }

        output.Write(",\"finish_reason\":null"u8);
        EndChunk(output);
    }

    protected override void WriteFinish(IBufferWriter<byte> output, int choice, FinishReason reason)
    {
        BeginChunk(output);
        output.Write("\"text\":\"\",\"index\":"u8);
        output.WriteNumber(choice);
        output.Write(",\"logprobs\":null,\"finish_reason\":\""u8);
        output.Write(Encoding.UTF8.GetBytes(FinishReasonJson.Of(reason)));
        output.Write("\""u8);
        EndChunk(output);
    }
}
