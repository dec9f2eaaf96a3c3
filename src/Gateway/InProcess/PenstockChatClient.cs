using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Targets;
using Penstock.Gateway.Requests;
using Penstock.Ledger;
using AdapterSelection = Penstock.Contracts.Requests.AdapterSelection;

namespace Penstock.Gateway.InProcess;

/// <summary>
/// A model of this process behind <see cref="IChatClient"/>: no HTTP, the same engine, and the same records if a ledger is given.
/// Thread-safe; requests of many callers are batched. Target and ledger stay the caller's: disposing the client ends neither.
/// </summary>
/// <remarks>
/// Failures are <see cref="PenstockException"/> with the error as a value; a cancelled token ends the generation within a step
/// and is an <see cref="OperationCanceledException"/>. Leaving a stream early (<c>break</c>) cancels it too. What cannot be
/// done (pictures, structured output, forced tool calls) is refused by name.
/// </remarks>
public sealed class PenstockChatClient : IChatClient
{
    private readonly IInferenceTarget target;
    private readonly IRequestLedger? ledger;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly RequestIds ids;
    private readonly ChatClientMetadata metadata;
    private readonly AdapterSelection? adapter;

    /// <param name="target">The model.</param>
    /// <param name="ledger">Where records go, or null for none.</param>
    /// <param name="time">The clock; null takes the system's.</param>
    /// <param name="logger">Gets what the ledger could not take.</param>
    /// <param name="adapter">The adapter of requests that name none; null = the model alone.</param>
    public PenstockChatClient(
        IInferenceTarget target, IRequestLedger? ledger = null, TimeProvider? time = null, ILogger<PenstockChatClient>? logger = null, AdapterSelection? adapter = null)
    {
        this.adapter = adapter;
        this.target = target;
        this.ledger = ledger;
        this.time = time ?? TimeProvider.System;
        this.logger = logger ?? (ILogger)NullLogger.Instance;
        ids = new RequestIds(this.time);
        metadata = new ChatClientMetadata("penstock", defaultModelId: target.Description.Name);
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetUpdatesAsync(messages, options, stream: false, cancellationToken).ToChatResponseAsync(cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetUpdatesAsync(messages, options, stream: true, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? metadata
            : serviceType.IsInstanceOfType(target) ? target
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        // Holds nothing of its own.
    }

    private async IAsyncEnumerable<ChatResponseUpdate> GetUpdatesAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var timeline = RequestTimeline.Start(time);
        var id = ids.Next();
        var request = ChatRequestMapping.Map(messages, options, target.Description.Name, $"req_{id}", adapter).OrThrow() with { Stream = stream };
        timeline.End(RequestPhase.Receive);
        var live = new LiveRequest(request, target.Description, timeline, ledger, time, logger);
        var preparation = target.Prepare(request);
        if (!preparation.Ok)
        {
            timeline.End(RequestPhase.Admit);
            await live.FinishAsync(RequestEnding.RefusedAtAdmission(preparation.Error), null);
            throw new PenstockException(preparation.Error);
        }

        var prepared = preparation.Value;
        if (await live.AdmitAsync(prepared) is { } unrecorded)
        {
            throw new PenstockException(unrecorded);
        }

        var started = live.Start(prepared);
        timeline.End(RequestPhase.Admit);
        if (!started.Ok)
        {
            await live.FinishAsync(RequestEnding.NotRun(live.PromptTokens, started.Error), null);
            throw new PenstockException(started.Error);
        }

        await using var generation = started.Value;
        var updates = new ChatUpdates($"chatcmpl-{id}", request.Model, time.GetUtcNow());
        var interruption = Interruption.Client;
        PenstockError? failure = null;
        using var onCancel = cancellationToken.UnsafeRegister(_ => live.Cancel(generation), null);
        try
        {
            while (await live.NextAsync(generation) is { } item)
            {
                cancellationToken.ThrowIfCancellationRequested();
                failure = item.Error;
                if (failure is not null)
                {
                    break;
                }

                live.Delivery.Take(item);
                if (updates.Of(item) is { } update)
                {
                    yield return update;
                }

                // The caller has come back for more, so it has had this one.
                live.Delivery.Flushed();
                cancellationToken.ThrowIfCancellationRequested();
            }

            cancellationToken.ThrowIfCancellationRequested();
            interruption = Interruption.None;
            if (failure is not null)
            {
                throw new PenstockException(failure);
            }

            var ended = await live.CompletionAsync(generation);
            failure = AnswerEnd.Failure(ended, Interruption.None);
            if (failure is not null)
            {
                throw new PenstockException(failure);
            }

            yield return updates.Usage(ended.Tokens);
        }
        finally
        {
            // Reached on every way out: the end, an error, a cancelled token, a caller that stopped reading.
            live.Cancel(generation);
            await live.FinishAsync(generation, interruption, failure);
        }
    }
}
