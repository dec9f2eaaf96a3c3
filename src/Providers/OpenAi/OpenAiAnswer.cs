using System.Text.Json;
using Penstock.Contracts.Records;

namespace Penstock.Providers.OpenAi;

/// <summary>
/// What accounting and routing need of an answer or of a stream's chunk, read in one pass that builds nothing. What is not there, or not as it should be, is
/// left out: judging a provider's answer is not the relay's business as long as it is JSON.
/// </summary>
internal struct OpenAiAnswer
{
    /// <summary>The model that it names.</summary>
    public string? Model { get; private set; }

    public Usage? Usage { get; private set; }

    /// <summary>Where in the JSON the usage object stands; empty when there is none.</summary>
    public Range UsageRange { get; private set; }

    /// <summary>Whether it has an <c>error</c> instead of an answer, says with vLLM that it is one, or with OpenRouter that a choice ended in one.</summary>
    public bool IsError { get; private set; }

    /// <summary>How many entries <c>choices</c> has.</summary>
    public int Choices { get; private set; }

    /// <summary>The index of the last of them.</summary>
    public int Choice { get; private set; }

    /// <summary>How many of them say why they ended, and the last reason.</summary>
    public int Finished { get; private set; }

    /// <inheritdoc cref="Finished"/>
    public FinishReason FinishReason { get; private set; }

    /// <summary>Whether there is text, thinking or part of a call in it.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Whether thinking is shown.</summary>
    public bool HasReasoning { get; private set; }

    /// <summary>Characters of UTF-8 in what is shown, roughly: for estimates.</summary>
    public int ContentBytes { get; private set; }

    /// <summary>Reads it; false when it is not a JSON object.</summary>
    /// <param name="json">One chunk or one answer.</param>
    /// <param name="wantModel">Whether <see cref="Model"/> is still to be learnt.</param>
    /// <param name="answer">What it says.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, bool wantModel, out OpenAiAnswer answer)
    {
        answer = default;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                answer.Field(ref reader, wantModel);
            }

            // What follows the object is read too: it must be nothing.
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Field(ref Utf8JsonReader reader, bool wantModel)
    {
        if (wantModel && reader.ValueTextEquals("model"u8))
        {
            reader.Read();
            Model = reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 and <= 256 } name ? name : null;
        }
        else if (reader.ValueTextEquals("choices"u8))
        {
            reader.Read();
            ReadChoices(ref reader);
            return;
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            Usage = UsageJson.Read(ref reader);
            UsageRange = start..(int)reader.BytesConsumed;
            return;
        }
        else
        {
            var error = reader.ValueTextEquals("error"u8);
            var named = reader.ValueTextEquals("object"u8);
            reader.Read();
            IsError |= (error && reader.TokenType != JsonTokenType.Null) || (named && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("error"u8));
        }

        reader.Skip();
    }

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            Choices++;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadChoice(ref reader);
            }
        }
    }

    private void ReadChoice(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("index"u8))
        {
            reader.Read();
            Choice = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) && index >= 0 ? index : 0;
        }
        else if (reader.ValueTextEquals("finish_reason"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                Finished++;
                IsError |= reader.ValueTextEquals("error"u8);
                FinishReason = reader.ValueTextEquals("length"u8) ? FinishReason.Length : FinishReason.Stop;
            }
        }
        else if (reader.ValueTextEquals("text"u8))
        {
            reader.Read();
            Content(ref reader);
        }
        else if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
        {
            reader.Read();
            ReadMessage(ref reader);
            return;
        }
        else
        {
            reader.Read();
        }

        reader.Skip();
    }

    private void ReadMessage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var reasoning = reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8);
            var shown = reasoning || reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("refusal"u8) || reader.ValueTextEquals("audio"u8);
            var calls = reader.ValueTextEquals("tool_calls"u8) || reader.ValueTextEquals("function_call"u8);
            reader.Read();
            if (shown)
            {
                var before = HasContent;
                HasContent = false;
                Content(ref reader);
                HasReasoning |= reasoning && HasContent;
                HasContent |= before;
            }
            else if (calls && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                var start = reader.BytesConsumed;
                reader.Skip();
                HasContent = true;
                ContentBytes += (int)(reader.BytesConsumed - start);
                continue;
            }

            reader.Skip();
        }
    }

    private void Content(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            HasContent |= reader.ValueSpan.Length > 0;
            ContentBytes += reader.ValueSpan.Length;
        }
        else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            HasContent = true;
        }
    }
}
