using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>An answer as one <c>message</c> of content blocks.</summary>
internal sealed class MessageAnswer(HttpResponse response, AnswerHead head) : IAnswerWriter
{
    private readonly List<MessageBlock> blocks = [];
    private GenerationEvent? finish;
    private ReadOnlyMemory<byte> last;
    private int thinking;

    public ValueTask BeginAsync() => ValueTask.CompletedTask;

    public void Write(in GenerationEvent item)
    {
        thinking += item.Kind == GenerationEventKind.Reasoning ? item.Tokens : 0;
        if (item.Kind == GenerationEventKind.Finish)
        {
            finish = item;
        }
        else if (item.Call is { } call)
        {
            blocks.Add(new MessageBlock(item.Kind, call));
        }
        else if (!item.Text.IsEmpty || item.Signature is not null)
        {
            if (blocks.Count == 0 || blocks[^1].Kind != item.Kind || blocks[^1].Signed)
            {
                blocks.Add(new MessageBlock(item.Kind));
            }

            blocks[^1].Append(item.Text.Span);
            if (item.Signature is { } signature)
            {
                blocks[^1].Sign(signature);
            }
        }
    }

    public ValueTask<bool> FlushAsync() => ValueTask.FromResult(false);

    public async ValueTask CompleteAsync(GenerationSummary summary) => last = await JsonResponse.WriteAllButLastAsync(response, json =>
    {
        json.WriteStartObject();
        MessageJson.WriteHead(json, head);
        json.WriteStartArray("content");
        foreach (var block in blocks)
        {
            block.Write(json);
        }

        json.WriteEndArray();
        StopReasonJson.Write(json, finish, blocks.Exists(block => block.Kind == GenerationEventKind.ToolCall));
        MessageUsageJson.Write(json, summary, thinking);
        if (head.Receipt)
        {
            ReceiptJson.Write(json, head.Fingerprint, summary.Digest);
        }

        json.WriteEndObject();
    });

    public async ValueTask EndAsync() => await response.BodyWriter.WriteAsync(last);

    public async ValueTask FailAsync(PenstockError error) => await ErrorResponse.WriteAsync(response, error);
}
