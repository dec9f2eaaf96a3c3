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
        if (item.Call is { } call)
        {
            BeginDelta(output, item.Choice, "tool_calls\":["u8);
            ToolCallJson.WriteBegun(Json(output), call, calls[item.Choice]++);
            EndJson();
            output.Write("]"u8);
            EndDelta(output, call.ArgumentsJson.Length > 0 ? null : item.LogProbs);
            if (call.ArgumentsJson.Length > 0)
            {
                WriteArguments(output, item, Encoding.UTF8.GetBytes(call.ArgumentsJson));
            }
        }
        else if (item.Kind == GenerationEventKind.ToolCall)
        {
            WriteArguments(output, item, item.Text.Span);
        }
        else
        {
            BeginDelta(output, item.Choice, item.Kind == GenerationEventKind.Reasoning ? "reasoning_content\":\""u8 : "content\":\""u8);
            output.WriteEscaped(item.Text.Span);
            output.Write("\""u8);
            EndDelta(output, item.LogProbs);
        }
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

    private void WriteArguments(IBufferWriter<byte> output, in GenerationEvent item, ReadOnlySpan<byte> arguments)
    {
        BeginDelta(output, item.Choice, "tool_calls\":[{\"index\":"u8);
        output.WriteNumber(calls[item.Choice] - 1);
        output.Write(",\"function\":{\"arguments\":\""u8);
        output.WriteEscaped(arguments);
        output.Write("\"}}]"u8);
        EndDelta(output, item.LogProbs);
    }

    private void BeginDelta(IBufferWriter<byte> output, int choice, ReadOnlySpan<byte> field)
    {
        BeginChunk(output);
        output.Write("\"index\":"u8);
        output.WriteNumber(choice);
        output.Write(",\"delta\":{\""u8);
        output.Write(field);
    }

    private void EndDelta(IBufferWriter<byte> output, IReadOnlyList<TokenLogProb>? logProbs)
    {
        output.Write("},\"logprobs\":"u8);
        if (logProbs is { Count: > 0 })
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
