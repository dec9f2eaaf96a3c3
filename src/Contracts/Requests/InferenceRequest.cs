using System.Text.Json;

namespace Penstock.Contracts.Requests;

/// <summary>The canonical request: every wire form is parsed into it, every target answers it. Immutable and safe to share.</summary>
/// <remarks>
/// A chat has <see cref="Messages"/>; a completion and embeddings have <see cref="Inputs"/>. A request that is relayed as the client wrote it
/// (<see cref="Wire"/>) may have neither, and then has <see cref="PromptTokensEstimate"/>.
/// </remarks>
public sealed record InferenceRequest
{
    /// <summary>Unique in this ledger, for example <c>req_01J...</c>; also sent back as <c>x-request-id</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>Who pays. <c>local</c> where no keys are configured.</summary>
    public required string Tenant { get; init; }

    /// <summary>The public id of the API key, never the key; null where none is needed.</summary>
    public string? ApiKeyId { get; init; }

    public required RequestKind Kind { get; init; }

    /// <summary>The model's name as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The adapter that the model is to have; null = none.</summary>
    public AdapterSelection? Adapter { get; init; }

    /// <summary>What the client wrote, for targets that speak the same form; null in process.</summary>
    public WireRequest? Wire { get; init; }

    /// <summary>The chat, when <see cref="Kind"/> is <see cref="RequestKind.Chat"/>.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>Whether the last message is the beginning of the answer, from whose end the model goes on, rather than something that was said before. A target that cannot do that refuses.</summary>
    public bool ContinuesAnswer { get; init; }

    /// <summary>About how many tokens the prompt has, by its length; for targets that count with a tokenizer of their own. 0 = not estimated.</summary>
    public int PromptTokensEstimate { get; init; }

    /// <summary>Pictures in the prompt, which are no part of <see cref="PromptTokensEstimate"/>: what one costs is the provider's to say.</summary>
    public int Pictures { get; init; }

    /// <summary>Tools declared for a chat; empty when none.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>How the answer may use <see cref="Tools"/>.</summary>
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>What the answer's text must be; null = anything.</summary>
    public OutputConstraint? Constraint { get; init; }

    /// <summary>Extra template variables (<c>chat_template_kwargs</c>: thinking switches and the like), or null.</summary>
    public JsonElement? TemplateArguments { get; init; }

    /// <summary>Raw prompts: exactly one for a completion, one or more for embeddings, empty for a chat.</summary>
    public IReadOnlyList<PromptInput> Inputs { get; init; } = [];

    public SamplingOptions Sampling { get; init; } = SamplingOptions.Default;

    /// <summary>Generation ends before any of these texts would become visible. At most 16, each at most 1,024 characters.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Most tokens to sample for each choice; null = what the context has room for.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How many independent choices, 1 to 16. The prompt is prefilled once.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Whether the client reads the answer as it is made.</summary>
    public bool Stream { get; init; }

    /// <summary>Do not end at an end-of-generation token; run to <see cref="MaxOutputTokens"/>. For benchmarks.</summary>
    public bool IgnoreEndOfGeneration { get; init; }

    /// <summary>What it asks of the scheduler.</summary>
    public ServiceTerms Terms { get; init; } = ServiceTerms.Default;

    public RequestIntent Intent { get; init; } = RequestIntent.User;

    /// <summary>The agent run that this call belongs to, its parent call and its step, as the client's headers say; null when none.</summary>
    public string? RunId { get; init; }

    /// <inheritdoc cref="RunId"/>
    public string? ParentId { get; init; }

    /// <inheritdoc cref="RunId"/>
    public string? Step { get; init; }

    /// <summary>The task that the client names, for cost per finished task; null when none.</summary>
    public string? Task { get; init; }

    /// <summary>Whom the client answers, as it tells providers (<c>user</c>, <c>metadata.user_id</c>); no part of the prompt; null when it does not say.</summary>
    public string? EndUser { get; init; }

    /// <summary>What the client's wire form said that this form cannot, in the body's order; empty when nothing.</summary>
    public IReadOnlyList<Loss> Losses { get; init; } = [];
}
