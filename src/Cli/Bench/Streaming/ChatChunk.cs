using System.Buffers;
using System.Text.Json;

namespace Penstock.Cli.Bench.Streaming;

/// <summary>What a benchmark needs to know of one chunk of a streamed answer (or of a whole one). Reading it makes no strings of the text.</summary>
internal struct ChatChunk
{
    /// <summary>Bytes of text, reasoning and tool arguments as they stand in the JSON.</summary>
    public int TextBytes { get; private set; }

    /// <summary>Tokens that the chunk says it has, by its log-probabilities; null where there are none.</summary>
    public int? LogProbTokens { get; private set; }

    /// <summary>Whether a choice ended.</summary>
    public bool Finished { get; private set; }

    /// <summary>Prompt tokens, where the chunk has the usage.</summary>
    public int? PromptTokens { get; private set; }

    /// <summary>All tokens of the answer, where the chunk has the usage.</summary>
    public int? CompletionTokens { get; private set; }

    /// <summary>The code (or type) of an error, where the chunk is one.</summary>
    public string? Error { get; private set; }

    /// <exception cref="JsonException">The bytes are not a JSON object of the expected form.</exception>
    public static ChatChunk Parse(ReadOnlySequence<byte> json)
    {
        var chunk = default(ChatChunk);
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A chunk must be a JSON object.");
        }

        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("choices"u8) && EnterArray(ref reader))
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    chunk.ReadChoice(ref reader);
                }
            }
            else if (reader.ValueTextEquals("usage"u8) && EnterObject(ref reader))
            {
                chunk.ReadUsage(ref reader);
            }
            else if (reader.ValueTextEquals("error"u8) && EnterObject(ref reader))
            {
                chunk.ReadError(ref reader);
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        return chunk;
    }

    private void ReadChoice(ref Utf8JsonReader reader)
    {
        while (NextProperty(ref reader))
        {
            if ((reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8)) && EnterObject(ref reader))
            {
                ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("logprobs"u8) && EnterObject(ref reader))
            {
                ReadLogProbs(ref reader);
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                reader.Read();
                Finished |= reader.TokenType == JsonTokenType.String;
            }
            else
            {
                SkipValue(ref reader);
            }
        }
    }

    /// <summary>Adds up the texts in a delta: its own, and those of tool calls, however deep.</summary>
    private void ReadText(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var counts = false;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                counts = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8)
                    || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("refusal"u8);
            }
            else if (counts && reader.TokenType == JsonTokenType.String)
            {
                TextBytes += reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length;
            }
        }
    }

    private void ReadLogProbs(ref Utf8JsonReader reader)
    {
        while (NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("content"u8) || !EnterArray(ref reader))
            {
                SkipValue(ref reader);
                continue;
            }

            LogProbTokens ??= 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                LogProbTokens++;
                reader.Skip();
            }
        }
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        while (NextProperty(ref reader))
        {
            var prompt = reader.ValueTextEquals("prompt_tokens"u8);
            var completion = reader.ValueTextEquals("completion_tokens"u8);
            if (prompt || completion)
            {
                reader.Read();
                PromptTokens = prompt ? reader.GetInt32() : PromptTokens;
                CompletionTokens = completion ? reader.GetInt32() : CompletionTokens;
            }
            else
            {
                SkipValue(ref reader);
            }
        }
    }

    private void ReadError(ref Utf8JsonReader reader)
    {
        Error = "error";
        while (NextProperty(ref reader))
        {
            var code = reader.ValueTextEquals("code"u8);
            var type = reader.ValueTextEquals("type"u8) && Error == "error";
            reader.Read();
            if ((code || type) && reader.TokenType == JsonTokenType.String)
            {
                Error = reader.GetString();
            }

            reader.Skip();
        }
    }

    private static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Steps onto a property's value; if that is not an object (null, say), the property is done.</summary>
    private static bool EnterObject(ref Utf8JsonReader reader) => Enter(ref reader, JsonTokenType.StartObject);

    private static bool EnterArray(ref Utf8JsonReader reader) => Enter(ref reader, JsonTokenType.StartArray);

    private static bool Enter(ref Utf8JsonReader reader, JsonTokenType start)
    {
        var ahead = reader;
        if (!ahead.Read() || ahead.TokenType != start)
        {
            return false;
        }

        reader = ahead;
        return true;
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
