namespace Penstock.Contracts.Requests;

/// <summary>One message of a chat. Immutable. Text, and what stands in it; other content is refused by name at the edge.</summary>
public sealed record ChatMessage
{
    /// <summary><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or what the template knows.</summary>
    public required string Role { get; init; }

    /// <summary>The text; several text parts are joined. Null where an assistant message has only tool calls.</summary>
    public string? Content { get; init; }

    /// <summary>For roles <c>user</c> and <c>tool</c>: pictures and documents, in the order of their places in <see cref="Content"/>; empty when none.</summary>
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>The author's name, if given.</summary>
    public string? Name { get; init; }

    /// <summary>Earlier thinking of the assistant, for templates that show it.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>What its provider sent with that thinking to recognise it by, passed back as it came; means nothing to anybody else. Null when none.</summary>
    public string? ReasoningSignature { get; init; }

    /// <summary>Calls that the assistant made; empty when none.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>For role <c>tool</c>: the call that this answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>For role <c>tool</c>: whether the tool failed and the content says how. Templates do not show it.</summary>
    public bool ToolFailed { get; init; }
}
