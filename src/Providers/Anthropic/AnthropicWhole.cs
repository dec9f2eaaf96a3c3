using System.Text;
using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Providers.Http;
using Penstock.Providers.Reading;

namespace Penstock.Providers.Anthropic;

/// <summary>An answer of Anthropic's that is not streamed: one event with the whole body.</summary>
internal sealed class AnthropicWhole(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    : UpstreamWhole(connection, path, body, promptEstimate, time)
{
    protected override GenerationEvent Read(ReadOnlyMemory<byte> body) => ReadDocument(body, Read);

    private GenerationEvent Read(JsonElement message, ReadOnlyMemory<byte> body)
    {
        if (message.Text("type") == "error")
        {
            return Fail(UpstreamErrors.InAnswer(Call.Target, body.Span, produced: false));
        }

        if (MessageAnswerReader.ReasonOf(message) is not { } reason)
        {
            return FailMalformed(body);
        }

        Tally.Model = message.Text("model");
        if (message.Object("usage") is { ValueKind: JsonValueKind.Object } usage)
        {
            Tally.Report(AnthropicUsage.Read(usage, default, final: true), Encoding.UTF8.GetBytes(usage.GetRawText()));
        }

        var content = message.TryGetProperty("content", out var blocks) && blocks.ValueKind == JsonValueKind.Array ? blocks : default;
        Tally.ReasoningShown = content.ValueKind == JsonValueKind.Array && content.EnumerateArray().Any(block => block.Text("thinking") is { Length: > 0 });
        return Ended(body, reason, content.ValueKind == JsonValueKind.Array ? TokenEstimate.OfBytes(content.GetRawText().Length) : 0);
    }
}
