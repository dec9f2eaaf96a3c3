namespace Penstock.Tools.StandIn;

/// <summary>What the stand-in does with a call. A model's name asks for one: <c>mock-</c> and the name in kebab case, <c>mock-cut-mid-answer</c>.</summary>
public enum Behaviour
{
    /// <summary>Answers at once; so does a model whose name asks for nothing.</summary>
    Instant,

    /// <summary>A token every 20 ms.</summary>
    Paced,

    /// <summary>429 with Retry-After: 1, once; then answers.</summary>
    RateLimitedOnce,

    /// <summary>429 with Retry-After: 60, always.</summary>
    RateLimited,

    /// <summary>500 once, then answers.</summary>
    FailsOnce,

    /// <summary>503, always.</summary>
    Overloaded,

    /// <summary>Every other call is a 503.</summary>
    Flapping,

    /// <summary>Closes the connection before a status.</summary>
    Reset,

    /// <summary>Takes the call and says nothing.</summary>
    Silent,

    /// <summary>Sends headers and a role, but no token until the client leaves.</summary>
    SlowFirstToken,

    /// <summary>Five tokens, then the connection breaks.</summary>
    CutMidAnswer,

    /// <summary>As <see cref="CutMidAnswer"/>, once; then answers, and goes on with what was begun.</summary>
    CutOnce,

    /// <summary>Five tokens, then nothing.</summary>
    Stall,

    /// <summary>Five tokens, then a chunk that is no JSON.</summary>
    MalformedChunk,

    /// <summary>An answer without its <c>[DONE]</c>.</summary>
    MissingDone,

    /// <summary>400: the context is too long.</summary>
    ContextLength,

    /// <summary>400: the content filter.</summary>
    ContentFilter,

    /// <summary>400 when the last message is the assistant's; otherwise answers.</summary>
    RefusesPrefill,

    /// <summary>Goes on with an answer, and says the beginning of it again.</summary>
    EchoesPrefill,

    /// <summary>Its answer names another model.</summary>
    OtherModel,

    /// <summary>An error as the first event of a stream with status 200.</summary>
    ErrorInStream,

    /// <summary>Answers, but never says what it counted.</summary>
    NoUsage,

    /// <summary>400 when a chat names <c>max_tokens</c>, as OpenAI's newer models do; otherwise answers.</summary>
    RefusesMaxTokens,

    /// <summary>401: it does not know the key.</summary>
    WrongKey,

    /// <summary>Streams as Azure does: the filter's verdict on the prompt first, with no choices, and on the text in every chunk.</summary>
    Azure,

    /// <summary>Streams as OpenRouter does: comments while it waits, thinking under two names, a cost in the usage.</summary>
    OpenRouter,

    /// <summary>OpenRouter's error after some text: a chunk with an <c>error</c> whose choice ended in <c>error</c>.</summary>
    OpenRouterFails,

    /// <summary>Streams as Ollama does: every call has the index 0, and comes whole.</summary>
    Ollama,

    /// <summary>Streams as vLLM does: thinking as <c>reasoning</c>, the stop text in <c>stop_reason</c>.</summary>
    Vllm,

    /// <summary>vLLM's error after some text: an event that is an object of the kind <c>error</c>, and then <c>[DONE]</c>.</summary>
    VllmFails,

    /// <summary>Streams as SGLang does: nulls for what is not there, the stop text in <c>matched_stop</c>.</summary>
    Sglang,

    /// <summary>Streams as llama-server does: <c>timings</c> in the last chunk.</summary>
    LlamaServer,
}
