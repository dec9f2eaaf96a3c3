namespace Penstock.Providers;

/// <summary>Which API a target speaks.</summary>
public enum TargetKind
{
    /// <summary>OpenAI's, as most servers do: vLLM, SGLang, llama-server, Ollama, OpenRouter, another Penstock.</summary>
    OpenAi,

    /// <summary>Anthropic's Messages.</summary>
    Anthropic,
}
