using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Engine.Adapters;
using Penstock.Engine.Constraining;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;
using Penstock.Engine.Sampling;
using Penstock.Engine.Scheduling;
using Penstock.Engine.Serving.Answers;
using Penstock.Engine.Serving.Loop;
using Penstock.Engine.Serving.Requests;
using Penstock.Engine.Serving.Status;
using Penstock.Engine.Serving.Text;
using Penstock.Models.Templates;
using Penstock.Models.Tokenization;

namespace Penstock.Engine.Serving;

/// <summary>
/// A model that this process runs: template, tokenizer and one engine loop over a runner. Thread-safe. Disposing it ends what
/// runs with <see cref="ErrorCode.Unavailable"/> and disposes the runner; drain it first to let requests end by themselves.
/// </summary>
public sealed class LocalTarget : IInferenceTarget, IAsyncDisposable
{
    private const int PooledSegments = 1024;

    private readonly IModelRunner runner;
    private readonly TimeProvider time;
    private readonly LocalTargetOptions options;
    private readonly EngineCore core;
    private readonly EngineLoop loop;
    private readonly PromptBuilder prompts;
    private readonly RequestChecks checks;
    private readonly ChatAnswers answers;
    private readonly AnswerConstraints constraints;
    private readonly TextSegmentPool segments = new(PooledSegments);
    private readonly ulong seed;
    private ulong drawnSeeds;
    private volatile bool warm;

    /// <param name="options">What it is called and its bounds.</param>
    /// <param name="runner">What computes; owned from now on.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="template">The model's chat template; null = chats are refused.</param>
    /// <param name="time">The clock of timestamps.</param>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    /// <exception cref="PenstockException">An adapter does not fit.</exception>
    public LocalTarget(LocalTargetOptions options, IModelRunner runner, ITokenizer tokenizer, ChatTemplate? template, TimeProvider time)
    {
        if (options.Engine.Validate() is { Count: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));

        (this.options, this.runner, this.time, Tokenizer) = (options, runner, time, tokenizer);
        core = new EngineCore(options, runner, tokenizer, time);
        LoadAdapters();
        loop = new EngineLoop(core, Description.Name, options.OnFault);
        var context = Math.Min(Description.ContextLength, runner.Capabilities.ContextLength);
        prompts = new PromptBuilder(Description.Name, tokenizer, template, options.TemplateError, context, time);
        answers = new ChatAnswers(tokenizer, template);
        constraints = new AnswerConstraints(tokenizer, time);
        checks = new RequestChecks(
            Description.Name, context, runner.Capabilities.VocabularySize, options.Engine.DefaultOutputTokens, core.Limits, runner.Kv.BlockTokens, runner.Kv.TotalBlocks);
        seed = options.Engine.Seed ?? CounterRandom.Bits((ulong)time.GetTimestamp(), (ulong)time.GetUtcNow().Ticks);
    }

    public TargetDescription Description => options.Description;

    /// <summary>The model's tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>What the engine is doing now.</summary>
    public EngineStats Stats => core.Stats;

    /// <summary>What the engine is doing now, for people.</summary>
    public EngineStatus Status => core.Status;

    /// <summary>What computes it.</summary>
    public RunnerCapabilities Capabilities => runner.Capabilities;

    /// <summary>Its adapters.</summary>
    public AdapterCatalog Adapters => core.Adapters;

    /// <summary>Whether a warm-up has been answered and the engine still takes requests.</summary>
    public bool Ready => warm && core.Gate.Open;

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request)
    {
        if (request.ToolChoice.Mode == ToolChoiceMode.None)
            request = request with { Tools = [], ToolChoice = ToolChoice.Auto };

        if (request.Adapter is not { } selection)
            return Prepare(request, null);

        var adapter = Adapters.Select(selection);
        return adapter.Ok ? Prepare(request, adapter.Value) : adapter.Error;
    }

    private void LoadAdapters()
    {
        foreach (var adapter in options.Adapters)
        {
            if (Adapters.Load(adapter.Name, adapter.File, adapter.Scale).Error is not { } error)
                continue;

            core.Dispose();
            throw new PenstockException(error);
        }
    }

    private Outcome<IPreparedRequest> Prepare(InferenceRequest request, ServedAdapter? adapter) => request.Kind switch
    {
        _ when request.Terms.Deterministic && !runner.Capabilities.BatchInvariant => new PenstockError(
            ErrorCode.UnsupportedValue,
            $"'{Description.Name}' runs on {runner.Capabilities.Name}, whose answers depend on what else runs. Leave deterministic out, or serve the model with the cpu runner or, on llama.cpp, with deterministic: true in its configuration.",
            "deterministic"),
        RequestKind.Chat => PrepareGeneration(request, adapter, prompts.Chat(request)),
        _ when request.Inputs.Count == 0 => new PenstockError(ErrorCode.InvalidRequest, "The request has no input. Send at least one.", "input"),
        RequestKind.Completion => PrepareGeneration(request, adapter, prompts.Raw(request.Inputs[0], "prompt")),
        _ => PrepareEmbedding(request, adapter),
    };

    /// <summary>Answers a small request of its own and computes the pinned prefixes; <see cref="Ready"/> is true afterwards.</summary>
    /// <returns>Null, or why the model cannot answer.</returns>
    public async ValueTask<PenstockError?> WarmUpAsync(CancellationToken cancellationToken)
    {
        if (await ComputeAsync([Tokenizer.BosToken ?? 0], GroupTerms.Default, cancellationToken) is { } error)
            return error;

        foreach (var text in options.PinnedPrefixes)
        {
            if (await PinAsync(text, cancellationToken) is { } unfit)
                return unfit;
        }

        warm = true;
        return null;
    }

    /// <summary>Computes a system prompt and keeps it for the chats of everybody, whatever their salts; it is evicted when nothing else is left. Whole KV blocks of it are kept.</summary>
    /// <returns>Null, or why it cannot be.</returns>
    public ValueTask<PenstockError?> PinAsync(string systemPrompt, CancellationToken cancellationToken)
    {
        var prefix = prompts.SystemPrefix(systemPrompt);
        return !prefix.Ok ? new(prefix.Error)
            : checks.Input(prefix.Value) is { } tooLong ? new(tooLong)
            : ComputeAsync(prefix.Value, new GroupTerms { PrefixDomain = PrefixTree.Common }, cancellationToken);
    }

    private async ValueTask<PenstockError?> ComputeAsync(int[] prompt, GroupTerms terms, CancellationToken cancellationToken)
    {
        var settings = new GenerationSettings
        {
            MaxOutputTokens = 1,
            Choices = 1,
            Sampling = new SamplingOptions { Temperature = 0 },
            Seed = 0,
            Stops = new StopPatterns([]),
            StartsText = true,
            IgnoreEndOfGeneration = true,
        };
        var request = new GenerationRequest(prompt, settings, Tokenizer, segments, terms);
        if (core.Submit(request) is { } refused)
            return refused;

        await using var generation = new Generation(core, request);
        await generation.Completion.WaitAsync(cancellationToken);
        return request.Ending.Error;
    }

    /// <summary>Takes no more requests and completes when those that it has taken have ended. Cancelling the token ends the wait, not the requests.</summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        core.Gate.Close(new PenstockError(ErrorCode.Unavailable, "The server is shutting down. Try again when it is back."));
        return core.Gate.Drained.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await loop.DisposeAsync();
        core.Dispose();
        runner.Dispose();
    }

    private Outcome<IPreparedRequest> PrepareGeneration(InferenceRequest request, ServedAdapter? adapter, Outcome<int[]> prompt)
    {
        if (!prompt.Ok)
            return prompt.Error;
        if (checks.Sampling(request) is { } unfit)
            return unfit;
        if (checks.OutputTokens(prompt.Value, request, out var outputTokens) is { } tooLong)
            return tooLong;

        var reading = request.Kind == RequestKind.Chat ? answers.Reading(request, prompt.Value) : null;
        if (constraints.Of(request, reading, out var constraint) is { } refused)
            return refused;
        if (constraint is not null && RequestChecks.Shortest(constraint.LeastTokens, outputTokens) is { } tooShort)
            return tooShort;

        var settings = new GenerationSettings
        {
            MaxOutputTokens = outputTokens,
            Constraint = constraint,
            Choices = request.Choices,
            Sampling = request.Sampling,
            Seed = request.Sampling.Seed ?? CounterRandom.Bits(seed, Interlocked.Increment(ref drawnSeeds)),
            Stops = new StopPatterns(request.Stop),
            StartsText = request.Kind == RequestKind.Chat,
            IgnoreEndOfGeneration = request.IgnoreEndOfGeneration,
            ShownTokens = reading?.ShownTokens,
        };
        var own = new GenerationRequest(prompt.Value, settings, Tokenizer, segments, Terms(request, adapter)) { Adapter = adapter };
        return Outcome.Of<IPreparedRequest>(new PreparedGeneration(core, own, Fingerprint(request, adapter), reading, constraint?.Notices, PromptBuilder.Losses(request)));
    }

    private Outcome<IPreparedRequest> PrepareEmbedding(InferenceRequest request, ServedAdapter? adapter)
    {
        var inputs = new int[request.Inputs.Count][];
        for (var i = 0; i < inputs.Length; i++)
        {
            var prompt = prompts.Raw(request.Inputs[i], inputs.Length == 1 ? "input" : $"input[{i}]");
            if (!prompt.Ok)
                return prompt.Error;
            if (checks.Input(prompt.Value) is { } tooLong)
                return tooLong;
            inputs[i] = prompt.Value;
        }

        return Outcome.Of<IPreparedRequest>(new PreparedEmbedding(core, new EmbeddingRequest(inputs, options.Pooling, runner.Capabilities.EmbeddingWidth, Terms(request, adapter)) { Adapter = adapter }, Fingerprint(request, adapter)));
    }

    private string? Fingerprint(InferenceRequest request, ServedAdapter? adapter) =>
        Description.Fingerprint is { } model ? model + adapter?.Fingerprint(request.Adapter!.Scale) : null;

    // A salt is no tenant's name: the domains of the two never meet.
    private GroupTerms Terms(InferenceRequest request, ServedAdapter? adapter) => new()
    {
        Tenant = core.Tenants.Of(request.Tenant),
        Class = request.Terms.Class,
        Priority = request.Terms.Priority,
        Deadline = request.Terms.Deadline is { } deadline ? time.GetTimestamp() + (long)(deadline.TotalSeconds * time.TimestampFrequency) : GroupTerms.Never,
        Adapter = adapter?.At(request.Adapter!.Scale) ?? default,
        PrefixDomain = request.Terms.CacheSalt is { } salt ? $"salt {salt}" : $"tenant {request.Tenant}",
    };
}
