using System.Text;
using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Providers.Http;
using Penstock.Providers.Reading;

namespace Penstock.Providers.Anthropic;

/// <summary>An answer of Anthropic's that is not streamed: one event with the whole body.</summary>
internal sealed class AnthropicWhole(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    : UpstreamGeneration(connection, path, body, promptEstimate, time)
{
    protected override async ValueTask<GenerationEvent?> ReadAsync()
    {
        var answer = await ReadBodyAsync();
        try
        {
            using var document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 256 });
            return Read(document.RootElement, answer);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return FailMalformed(answer);
        }
    }

    protected override bool TryTake(out GenerationEvent item)
    {
        item = default;
        return false;
    }

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
        var estimate = content.ValueKind == JsonValueKind.Array ? TokenEstimate.OfBytes(content.GetRawText().Length) : 0;
        Tally.Count(estimate);
        var tokens = estimate + Tally.Correct();
        ChoiceEnded(reason);
        End();
        return new GenerationEvent
        {
            Kind = GenerationEventKind.Finish,
            Tokens = tokens,
            Wire = body,
            Timestamp = Tally.LastTokenAt,
            FinishReason = reason,
            FinishCause = reason == FinishReason.Length ? FinishCause.Request : FinishCause.Model,
        };
    }
}
