using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Lab.Subjects;

/// <summary>Writes a question as the body of OpenAI's chat API. A field is there only when it says something: strict servers refuse what they do not know.</summary>
internal static class QuestionBody
{
    public static byte[] Of(Question question, string model)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question.Prompt }),
            ["max_tokens"] = question.OutputTokens,
            ["temperature"] = question.Temperature,
        };
        if (question.Seed is { } seed)
            body["seed"] = seed;
        if (question.Tokens)
            body["logprobs"] = true;
        if (question.Deterministic)
            body["deterministic"] = true;
        if (question.Stream)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        if (question.Extended)
            Extend(body, question);
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }

    private static void Extend(JsonObject body, Question question)
    {
        body["ignore_eos"] = true;
        body["receipt"] = true;
        body["class"] = $"{question.Class}".ToLowerInvariant();
        if (question.CacheSalt is { } salt)
            body["cache_salt"] = salt;
    }
}
