using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Completions;

/// <summary>A completion as one <c>text_completion</c>.</summary>
internal sealed class CompletionAnswer(HttpResponse response, AnswerHead head) : WholeAnswer(response, head, "text_completion")
{
    protected override void WriteChoice(Utf8JsonWriter json, ChoiceText choice)
    {
        json.WriteString("text", choice.Text);
        json.WritePropertyName("logprobs");
        if (choice.LogProbs is { } logProbs)
        {
            LogProbJson.WriteCompletion(json, logProbs);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
