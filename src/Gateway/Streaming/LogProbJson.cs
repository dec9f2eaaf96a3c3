using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Streaming;

/// <summary>Log-probabilities in OpenAI's two forms: chat's objects with bytes, and the parallel arrays of completions.</summary>
internal static class LogProbJson
{
    /// <summary>Chat: <c>{"content":[{"token","logprob","bytes","top_logprobs"}],"refusal":null}</c>.</summary>
    public static void WriteChat(Utf8JsonWriter json, IEnumerable<TokenLogProb> tokens)
    {
        json.WriteStartObject();
        json.WriteStartArray("content");
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            WriteToken(json, token);
            json.WriteStartArray("top_logprobs");
            foreach (var top in token.Top)
            {
                json.WriteStartObject();
                WriteToken(json, top);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    /// <summary>Completions: tokens, token_logprobs, top_logprobs and text_offset side by side.</summary>
    public static void WriteCompletion(Utf8JsonWriter json, IReadOnlyList<TokenLogProb> tokens)
    {
        json.WriteStartObject();
        json.WriteStartArray("tokens");
        foreach (var token in tokens)
        {
            json.WriteStringValue(Legacy(token));
        }

        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var token in tokens)
        {
            json.WriteNumberValue(Finite(token.LogProb));
        }

        json.WriteEndArray();
        json.WriteStartArray("top_logprobs");
        foreach (var token in tokens)
        {
            WriteAlternatives(json, token);
        }

        json.WriteEndArray();
        json.WriteStartArray("text_offset");
        foreach (var token in tokens)
        {
            json.WriteNumberValue(token.TextOffset);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Like OpenAI's: the sampled token is there even when it is not among the likeliest. Of tokens with the same text the likeliest counts.
    private static void WriteAlternatives(Utf8JsonWriter json, TokenLogProb token)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        foreach (var top in token.Top.Append(token))
        {
            var text = Legacy(top);
            if (written.Add(text))
            {
                json.WriteNumber(text, Finite(top.LogProb));
            }
        }

        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, TokenLogProb token)
    {
        // Half a character shows as U+FFFD; the bytes say what it was.
        json.WriteString("token", Encoding.UTF8.GetString(token.Bytes.Span));
        json.WriteNumber("logprob", Finite(token.LogProb));
        json.WriteStartArray("bytes");
        foreach (var value in token.Bytes.Span)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    // JSON has no infinity; OpenAI writes -9999 for what is as good as impossible.
    private static float Finite(float logProb) => float.IsFinite(logProb) ? logProb : -9999f;

    // Parallel arrays have no bytes, so OpenAI writes what is not text as bytes:\xe2\x80.
    private static string Legacy(TokenLogProb token)
    {
        var bytes = token.Bytes.Span;
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder("bytes:");
        foreach (var value in bytes)
        {
            text.Append($"\\x{value:x2}");
        }

        return text.ToString();
    }
}
