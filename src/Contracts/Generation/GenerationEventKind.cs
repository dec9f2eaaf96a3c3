namespace Penstock.Contracts.Generation;

/// <summary>What a <see cref="GenerationEvent"/> says.</summary>
public enum GenerationEventKind
{
    /// <summary>Tokens were committed.</summary>
    Text,

    /// <summary>Text that is the model's thinking before its answer. Chats only.</summary>
    Reasoning,

    /// <summary>The model calls a tool, or goes on with its last call. Chats with tools only.</summary>
    ToolCall,

    /// <summary>A choice ended.</summary>
    Finish,

    /// <summary>The whole generation failed.</summary>
    Error,
}
