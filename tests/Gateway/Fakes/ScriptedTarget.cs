using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;

namespace Penstock.Gateway.Tests.Fakes;

/// <summary>A target that answers every request with the generation that the test holds in its hands.</summary>
internal sealed class ScriptedTarget(TimeProvider time) : IInferenceTarget
{
    /// <summary>The last generation that was started.</summary>
    public ScriptedGeneration? Last { get; private set; }

    /// <summary>Completes with each generation as it starts.</summary>
    public System.Threading.Channels.Channel<ScriptedGeneration> Started { get; } = System.Threading.Channels.Channel.CreateUnbounded<ScriptedGeneration>();

    /// <summary>What to do with a generation as soon as it is started.</summary>
    public Action<ScriptedGeneration> OnStart { get; set; } = _ => { };

    /// <summary>When set, <see cref="IPreparedRequest.Start"/> answers this.</summary>
    public PenstockError? Refusal { get; set; }

    /// <summary>When set, <see cref="Prepare"/> answers this.</summary>
    public PenstockError? Objection { get; set; }

    /// <summary>Whether embeddings take until they are cancelled.</summary>
    public bool EmbedsForever { get; set; }

    /// <summary>Completes when an embedding has begun.</summary>
    public TaskCompletionSource Embedding { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Prepared { get; private set; }

    public TargetDescription Description { get; } = new()
    {
        Name = "scripted",
        Owner = "test",
        Fingerprint = "sha256:feed",
        ContextLength = 100,
        Since = DateTimeOffset.UnixEpoch,
    };

    public Outcome<IPreparedRequest> Prepare(InferenceRequest request)
    {
        Prepared++;
        return Objection is { } objection ? objection : Outcome.Of<IPreparedRequest>(new PreparedScript(this, request));
    }

    private sealed class PreparedScript(ScriptedTarget target, InferenceRequest request) : IPreparedRequest
    {
        public int PromptTokens => 5;

        public Outcome<IGeneration> Start()
        {
            if (target.Refusal is { } refusal)
            {
                return refusal;
            }

            var generation = new ScriptedGeneration(target.time, PromptTokens, request);
            target.Last = generation;
            target.OnStart(generation);
            target.Started.Writer.TryWrite(generation);
            return Outcome.Of<IGeneration>(generation);
        }

        public async ValueTask<Outcome<EmbeddingResult>> EmbedAsync(CancellationToken cancellationToken)
        {
            target.Embedding.TrySetResult();
            if (target.EmbedsForever)
            {
                var cancelled = new TaskCompletionSource();
                await using var registration = cancellationToken.Register(cancelled.SetResult);
                await cancelled.Task;
            }

            return new EmbeddingResult(
                target.EmbedsForever ? [] : [.. request.Inputs.Select((_, index) => new float[] { index, 0.5f })],
                new GenerationSummary
                {
                    Tokens = new TokenCounts { Prompt = PromptTokens, Prefilled = PromptTokens },
                    FinishReason = target.EmbedsForever ? FinishReason.Cancelled : FinishReason.Stop,
                    FinishCause = target.EmbedsForever ? FinishCause.Client : FinishCause.Request,
                    FinishPhase = RequestPhase.Prefill,
                    ScheduledAt = target.time.GetTimestamp(),
                    EndedAt = target.time.GetTimestamp(),
                });
        }
    }

    private readonly TimeProvider time = time;
}
