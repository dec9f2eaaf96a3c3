using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Providers.Http;
using Penstock.Providers.Reading;

namespace Penstock.Providers.OpenAi;

/// <summary>An answer of Responses that is not streamed: one event with the whole body.</summary>
internal sealed class ResponsesWhole(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
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

    private GenerationEvent Read(JsonElement response, ReadOnlyMemory<byte> body)
    {
        if (ResponseEvents.ReasonOf(response) is not { } reason)
        {
            var failed = response.Object("error").ValueKind == JsonValueKind.Object;
            return Fail(failed ? UpstreamErrors.InAnswer(Call.Target, body.Span, produced: false) : UpstreamErrors.Malformed(Call.Target, produced: true));
        }

        ResponseEvents.Report(response, Tally);
        var output = response.TryGetProperty("output", out var items) && items.ValueKind == JsonValueKind.Array ? items : default;
        Tally.ReasoningShown = output.ValueKind == JsonValueKind.Array && output.EnumerateArray().Any(
            item => item.Text("type") == "reasoning" && item.TryGetProperty("content", out var thoughts) && thoughts.ValueKind == JsonValueKind.Array && thoughts.GetArrayLength() > 0);
        var estimate = output.ValueKind == JsonValueKind.Array ? TokenEstimate.OfBytes(output.GetRawText().Length) : 0;
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
