using System.Text;
using System.Text.Json;

namespace Penstock.Lab.Subjects;

/// <summary>Gathers an answer from the JSON of OpenAI's chat API: from one body or from a stream's chunks.</summary>
internal sealed class AnswerDraft
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder beside = new();
    private readonly List<string> tokens = [];
    private string? finishReason;
    private string? digest;
    private string? fingerprint;
    private int? promptTokens;
    private int? cachedTokens;
    private int? outputTokens;

    /// <summary>Tokens that have come, or pieces of text where tokens are not told.</summary>
    public int Seen { get; private set; }

    /// <summary>The message of an error in mid-stream, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>Takes a body or a chunk.</summary>
    /// <exception cref="InvalidOperationException">A field has another type than OpenAI's API gives it.</exception>
    public void Add(JsonElement json)
    {
        if (json.TryGetProperty("error", out var error))
        {
            Error = MessageOf(error);
            return;
        }

        fingerprint = Text(json, "system_fingerprint") ?? fingerprint;
        if (json.TryGetProperty("penstock", out var receipt) && receipt.ValueKind == JsonValueKind.Object)
            digest = Text(receipt, "digest") ?? digest;
        if (json.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            AddUsage(usage);
        if (json.TryGetProperty("choices", out var choices))
        {
            foreach (var choice in choices.EnumerateArray())
                AddChoice(choice);
        }
    }

    public Answer End(AnswerEnd end, string? problem = null) => new()
    {
        End = end,
        Problem = problem,
        Text = beside.Length == 0 ? text.ToString() : $"{text}\n{beside}",
        Tokens = tokens,
        FinishReason = finishReason,
        Digest = digest,
        Fingerprint = fingerprint,
        PromptTokens = promptTokens,
        CachedTokens = cachedTokens,
        OutputTokens = outputTokens ?? (tokens.Count > 0 ? tokens.Count : null),
    };

    /// <summary>The message in an <c>error</c> object, whatever form a server gives it.</summary>
    public static string MessageOf(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.String => error.GetString()!,
        JsonValueKind.Object => Text(error, "message") ?? Text(error, "code") ?? "an error without a message",
        _ => "an error without a message",
    };

    private void AddChoice(JsonElement choice)
    {
        var before = (tokens.Count, text.Length + beside.Length);
        if (choice.TryGetProperty("delta", out var message) || choice.TryGetProperty("message", out message))
        {
            text.Append(Text(message, "content"));
            beside.Append(Text(message, "reasoning_content")).Append(Text(message, "reasoning"));
            if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
                AddCalls(calls);
        }

        if (choice.TryGetProperty("logprobs", out var logProbs) && logProbs.ValueKind == JsonValueKind.Object
            && logProbs.TryGetProperty("content", out var entries) && entries.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in entries.EnumerateArray())
                tokens.Add(TokenOf(entry));
        }

        finishReason = Text(choice, "finish_reason") ?? finishReason;
        Seen += tokens.Count > before.Count ? tokens.Count - before.Count : text.Length + beside.Length > before.Item2 ? 1 : 0;
    }

    private void AddCalls(JsonElement calls)
    {
        foreach (var call in calls.EnumerateArray())
        {
            if (call.TryGetProperty("function", out var function))
                beside.Append(Text(function, "name")).Append(Text(function, "arguments"));
        }
    }

    private void AddUsage(JsonElement usage)
    {
        promptTokens = Number(usage, "prompt_tokens") ?? promptTokens;
        outputTokens = Number(usage, "completion_tokens") ?? outputTokens;
        if (usage.TryGetProperty("prompt_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object)
            cachedTokens = Number(details, "cached_tokens") ?? cachedTokens;
    }

    // Tokens that are part of a character all look alike as text; their bytes do not.
    private static string TokenOf(JsonElement entry) => entry.TryGetProperty("bytes", out var bytes) && bytes.ValueKind == JsonValueKind.Array
        ? string.Join(' ', bytes.EnumerateArray().Select(value => value.GetInt32()))
        : Text(entry, "token") ?? "";

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
