using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Errors;

namespace Penstock.Gateway.Streaming;

/// <summary>An answer that goes out as one JSON body when all choices have ended.</summary>
internal abstract class WholeAnswer(HttpResponse response, AnswerHead head, string objectName) : IAnswerWriter
{
    private readonly ChoiceText[] choices = [.. Enumerable.Range(0, head.Choices).Select(_ => new ChoiceText(head.LogProbs))];
    private ReadOnlyMemory<byte> last;

    public ValueTask BeginAsync() => ValueTask.CompletedTask;

    public void Write(in GenerationEvent item) => choices[item.Choice].Add(item);

    public ValueTask<bool> FlushAsync() => ValueTask.FromResult(false);

    public async ValueTask CompleteAsync(GenerationSummary summary) => last = await JsonResponse.WriteAllButLastAsync(response, json =>
    {
        json.WriteStartObject();
        json.WriteString("id", head.Id);
        json.WriteString("object", objectName);
        json.WriteNumber("created", head.Created);
        json.WriteString("model", head.Model);
        json.WriteStartArray("choices");
        for (var index = 0; index < choices.Length; index++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            WriteChoice(json, choices[index]);
            json.WriteString("finish_reason", choices[index].FinishReason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        UsageJson.Write(json, summary, choices.Sum(choice => choice.ReasoningTokens));
        if (head.ServiceTier is { } tier)
        {
            json.WriteString("service_tier", tier);
        }

        json.WriteString("system_fingerprint", head.Fingerprint);
        if (head.Receipt)
        {
            ReceiptJson.Write(json, head.Fingerprint, summary.Digest);
        }

        json.WriteEndObject();
    });

    public async ValueTask EndAsync() => await response.BodyWriter.WriteAsync(last);

    public async ValueTask FailAsync(PenstockError error) => await ErrorResponse.WriteAsync(response, error);

    /// <summary>Writes text and log-probabilities of a choice.</summary>
    protected abstract void WriteChoice(Utf8JsonWriter json, ChoiceText choice);
}
