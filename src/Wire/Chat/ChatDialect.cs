namespace Penstock.Wire.Chat;

/// <summary>Which fields a server that speaks OpenAI's forms knows.</summary>
public enum ChatDialect
{
    /// <summary>OpenAI's own; others are an error there.</summary>
    Plain,

    /// <summary>Those of vLLM, SGLang and llama-server beside them: <c>top_k</c>, <c>chat_template_kwargs</c>, <c>reasoning_content</c>, constraints.</summary>
    Extended,
}
