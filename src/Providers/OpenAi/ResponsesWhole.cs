using System.Text.Json;
using Penstock.Contracts.Generation;
using Penstock.Providers.Http;
using Penstock.Providers.Reading;

namespace Penstock.Providers.OpenAi;

/// <summary>An answer of Responses that is not streamed: one event with the whole body.</summary>
internal sealed class ResponsesWhole(UpstreamConnection connection, string path, HttpContent body, int promptEstimate, TimeProvider time)
    : UpstreamWhole(connection, path, body, promptEstimate, time)
{
    protected override GenerationEvent Read(ReadOnlyMemory<byte> body) => ReadDocument(body, Read);

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
        return Ended(body, reason, output.ValueKind == JsonValueKind.Array ? TokenEstimate.OfBytes(output.GetRawText().Length) : 0);
    }
}
