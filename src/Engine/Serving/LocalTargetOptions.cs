using Penstock.Contracts.Errors;
using Penstock.Contracts.Targets;
using Penstock.Engine.Adapters;
using Penstock.Models.Description;

namespace Penstock.Engine.Serving;

/// <summary>What a local model serves and within which bounds.</summary>
public sealed class LocalTargetOptions
{
    /// <summary>The model as clients see it.</summary>
    public required TargetDescription Description { get; init; }

    /// <summary>Bounds of its engine.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>System prompts whose KV everybody shares and that are evicted last, computed when the model is warmed up; see <see cref="LocalTarget.PinAsync"/>. Default none.</summary>
    public IReadOnlyList<string> PinnedPrefixes { get; init; } = [];

    /// <summary>Adapters that it has from the start. Default none.</summary>
    public IReadOnlyList<AdapterSource> Adapters { get; init; } = [];

    /// <summary>How embeddings are made of hidden states. Default: the mean over the input's tokens, also for models that name no pooling.</summary>
    public PoolingType Pooling { get; init; } = PoolingType.Mean;

    /// <summary>Why the model's own chat template cannot be used; chats are then refused with it. Null when it can, or when there is none.</summary>
    public PenstockError? TemplateError { get; init; }

    /// <summary>Told of exceptions of the runner and of the loop, from the loop's thread; they end requests and are seen nowhere else. Must not throw.</summary>
    public Action<Exception>? OnFault { get; init; }
}
