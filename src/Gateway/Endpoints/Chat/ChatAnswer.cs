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
        if (choice.Text.IsEmpty && choice.Calls.Count > 0)
        {
            json.WriteNull("content");
        }
        else
        {
            json.WriteString("content", choice.Text);
        }

        if (!choice.Reasoning.IsEmpty)
        {
            json.WriteString("reasoning_content", choice.Reasoning);
        }

        json.WriteNull("refusal");
        if (choice.Calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in choice.Calls)
            {
                ToolCallJson.Write(json, call);
            }

            json.WriteEndArray();
        }

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
