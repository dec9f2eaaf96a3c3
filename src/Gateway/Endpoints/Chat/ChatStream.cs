using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Chat;

/// <summary>A chat as <c>chat.completion.chunk</c> events: for each choice the role, thinking, text and calls, the finish.</summary>
internal sealed class ChatStream(HttpResponse response, AnswerHead head) : SseStream(response, head, "chat.completion.chunk")
{
    private readonly bool[] introduced = new bool[head.Choices];
    private readonly int[] calls = new int[head.Choices];

    protected override void WriteText(IBufferWriter<byte> output, in GenerationEvent item)
    {
        Introduce(output, item.Choice);
        BeginChunk(output);
        output.Write("\"index\":"u8);
        output.WriteNumber(item.Choice);
        if (item.Call is { } call)
        {
            output.Write(",\"delta\":{\"tool_calls\":["u8);
            ToolCallJson.Write(Json(output), call, calls[item.Choice]++);
            EndJson();
            output.Write("]},\"logprobs\":"u8);
        }
        else
        {
            output.Write(item.Kind == GenerationEventKind.Reasoning ? ",\"delta\":{\"reasoning_content\":\""u8 : ",\"delta\":{\"content\":\""u8);
            output.WriteEscaped(item.Text.Span);
            output.Write("\"},\"logprobs\":"u8);
        }

        if (item.LogProbs is { Count: > 0 } logProbs)
        {
            LogProbJson.WriteChat(Json(output), logProbs);
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
        Introduce(output, choice);
        BeginChunk(output);
        output.Write("\"index\":"u8);
        output.WriteNumber(choice);
        output.Write(",\"delta\":{},\"logprobs\":null,\"finish_reason\":\""u8);
        output.Write(Encoding.UTF8.GetBytes(FinishReasonJson.Of(reason, calls[choice] > 0)));
        output.Write("\""u8);
        EndChunk(output);
    }

    private void Introduce(IBufferWriter<byte> output, int choice)
    {
        if (introduced[choice])
        {
            return;
        }

        introduced[choice] = true;
        BeginChunk(output);
        output.Write("\"index\":"u8);
        output.WriteNumber(choice);
        output.Write(",\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":null"u8);
        EndChunk(output);
    }
}
