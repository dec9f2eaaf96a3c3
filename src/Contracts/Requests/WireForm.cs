namespace Penstock.Contracts.Requests;

/// <summary>In which provider's language a request was written.</summary>
public enum WireForm
{
    /// <summary>OpenAI's <c>/chat/completions</c>.</summary>
    ChatCompletions,

    /// <summary>OpenAI's <c>/completions</c>.</summary>
    Completions,

    /// <summary>OpenAI's <c>/embeddings</c>.</summary>
    Embeddings,

    /// <summary>Anthropic's <c>/messages</c>.</summary>
    Messages,

    /// <summary>OpenAI's <c>/responses</c>.</summary>
    Responses,
}
