using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Chat;

/// <summary>A chat as one <c>chat.completion</c>.</summary>
internal sealed class ChatAnswer(HttpResponse response, AnswerHead head) : WholeAnswer(response, head, "chat.completion")
{
    protected override void WriteChoice(Utf8JsonWriter json, ChoiceText choice)
    {
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", choice.Text);
        json.WriteNull("refusal");
        json.WriteEndObject();
        json.WritePropertyName("logprobs");
        if (choice.LogProbs is { } logProbs)
        {
            LogProbJson.WriteChat(json, logProbs);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
