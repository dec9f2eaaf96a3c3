using Microsoft.Extensions.Logging;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Contracts.Targets;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger;

namespace Penstock.Gateway.Requests;

/// <summary>
/// A request from its admission row to its final record, whoever asked for it: HTTP or in process. It keeps the books;
/// moving the tokens is its owner's business. One user at a time.
/// </summary>
/// <param name="request">The canonical request.</param>
/// <param name="target">What answers it.</param>
/// <param name="timeline">Running since receipt.</param>
/// <param name="ledger">Where the record goes, or null where none is kept.</param>
/// <param name="time">Same clock as the timeline's.</param>
/// <param name="logger">Gets what the ledger could not take.</param>
/// <param name="routeReason">Why this target.</param>
public sealed class LiveRequest(
    InferenceRequest request, TargetDescription target, RequestTimeline timeline, IRequestLedger? ledger, TimeProvider time, ILogger logger, string routeReason = "model served here")
{
    // A cancelled step ends between two layers; what takes longer than this does not end.
    private static readonly TimeSpan LetGoLimit = TimeSpan.FromSeconds(30);

    private string? losses = Loss.Fields(request.Losses);
    private bool finished;
    private RequestAccount? account;

    /// <summary>What has become of the tokens so far.</summary>
    public Delivery Delivery { get; } = new(time, request.Stream ? target.GapTarget : null);

    /// <summary>Tokens of the prompt, once admitted.</summary>
    public int PromptTokens { get; private set; }

    /// <summary>Digest of what computes the answer.</summary>
    public string? Fingerprint { get; private set; } = target.Fingerprint;

    /// <summary>Writes the admission row and waits for it and the reservation. An error means that one of them is not on disk, and then nothing may be run.</summary>
    /// <param name="prepared">What is to be run.</param>
    /// <param name="granted">What it may spend, settled with the final record; null where nobody keeps accounts.</param>
    public async ValueTask<PenstockError?> AdmitAsync(IPreparedRequest prepared, RequestAccount? granted = null)
    {
        account = granted;
        PromptTokens = prepared.PromptTokens;
        Fingerprint = prepared.Fingerprint ?? target.Fingerprint;
        losses = Loss.Fields(request.Losses.Concat(prepared.Losses));
        if (ledger is null)
        {
            return null;
        }

        var recorded = false;
        try
        {
            // Not cancellable: a client that leaves now must find its row either absent or finished, never lost between.
            await ledger.AdmitAsync(Record(RecordState.Admitted), CancellationToken.None);
            recorded = true;

            // It was queued before the row, so that mostly one transaction has both.
            await (account?.Durable ?? Task.CompletedTask);
            return null;
        }
        catch (Exception exception)
        {
            GatewayLog.AdmissionNotRecorded(logger, exception, request.RequestId);
            if (recorded)
            {
                await FinishAsync(RequestEnding.NotRun(PromptTokens, ServerErrors.LedgerFailed), null);
            }
            else
            {
                await SettleAsync(account?.ReleaseAsync() ?? ValueTask.CompletedTask);
            }

            return ServerErrors.LedgerFailed;
        }
    }

    /// <summary>Starts the generation. A target that throws is an error like another: the admission row needs its end.</summary>
    public Outcome<IGeneration> Start(IPreparedRequest prepared)
    {
        try
        {
            return prepared.Start();
        }
        catch (Exception exception)
        {
            return Unforeseen(exception);
        }
    }

    /// <summary>Runs an embedding request; a target that throws is an error, as in <see cref="Start"/>.</summary>
    public async ValueTask<Outcome<EmbeddingResult>> EmbedAsync(IPreparedRequest prepared, CancellationToken cancellationToken)
    {
        try
        {
            return await prepared.EmbedAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            return Unforeseen(exception);
        }
    }

    /// <summary>The generation's next event, or null at its end. A target that throws is an error event, which is the last to ask for.</summary>
    public async ValueTask<GenerationEvent?> NextAsync(IGeneration generation)
    {
        try
        {
            do
            {
                if (generation.TryRead(out var item))
                {
                    return item;
                }
            }
            while (await generation.WaitToReadAsync(CancellationToken.None));
            return null;
        }
        catch (Exception exception)
        {
            return new GenerationEvent { Kind = GenerationEventKind.Error, Error = Unforeseen(exception) };
        }
    }

    /// <summary>Asks the target to stop. One that throws is logged: the row needs its end all the same.</summary>
    public void Cancel(IGeneration generation)
    {
        try
        {
            generation.Cancel();
        }
        catch (Exception exception)
        {
            GatewayLog.Unforeseen(logger, exception, request.RequestId);
        }
    }

    /// <summary>What the target did, once it has let go of a generation that has ended or was cancelled.</summary>
    /// <exception cref="TimeoutException">It has not let go in time.</exception>
    public Task<GenerationSummary> CompletionAsync(IGeneration generation) => generation.Completion.WaitAsync(LetGoLimit, time);

    /// <summary>Waits until the target has let go of the generation and writes the final record, even when the target cannot say what it did.</summary>
    public async ValueTask FinishAsync(IGeneration generation, Interruption interruption, PenstockError? failure)
    {
        GenerationSummary summary;
        try
        {
            summary = await CompletionAsync(generation);
        }
        catch (Exception exception)
        {
            await FinishAsync(RequestEnding.Unaccounted(PromptTokens, Delivery, failure ?? Unforeseen(exception)), null);
            return;
        }

        await FinishAsync(RequestEnding.Of(summary, Delivery, interruption, failure), summary);
    }

    /// <summary>
    /// Writes the final record; called again it does nothing. A ledger that fails is logged with all that the record says; the
    /// answer is not held back for it.
    /// </summary>
    public async ValueTask FinishAsync(RequestEnding ending, GenerationSummary? summary)
    {
        if (finished)
        {
            return;
        }

        finished = true;
        timeline.EndAt(RequestPhase.Schedule, summary is { ScheduledAt: 0 } ? summary.EndedAt : summary?.ScheduledAt ?? 0);
        timeline.EndAt(RequestPhase.Prefill, summary is { FirstTokenAt: 0 } ? summary.EndedAt : summary?.FirstTokenAt ?? 0);
        timeline.EndAt(RequestPhase.Decode, summary?.EndedAt ?? 0);
        timeline.EndAt(RequestPhase.Deliver, Delivery.LastAt);
        var end = time.GetTimestamp();
        timeline.EndAt(RequestPhase.Finish, end);
        if (ledger is null)
        {
            return;
        }

        var record = Record(RecordState.Finished);
        record = record with
        {
            Target = summary?.AnsweredBy ?? record.Target,
            RouteReason = AttemptShares.ReasonOf(summary, routeReason),
            Attempts = AttemptShares.Of(summary, ending.Tokens.DeliveredVisible),
            FinishedAt = time.GetUtcNow(),
            Tokens = ending.Tokens,
            Phases = timeline.ToDurations(),
            WallTime = timeline.Until(end),
            TimeToFirstToken = Delivery.FirstAt == 0 ? null : timeline.Until(Delivery.FirstAt),
            LargestGap = summary?.LargestGap,
            Gaps = GapsOf(summary),
            Preemptions = summary?.Preemptions ?? 0,
            Digest = summary?.Digest,
            FinishReason = ending.Reason,
            FinishCause = ending.Cause,
            FinishPhase = ending.Phase,
            ErrorCode = ending.ErrorCode,
        };
        record = record with { ExtraTokens = AttemptShares.ExtraTokens(record) };
        record = account?.Charge(record, summary) ?? record;

        // Begun before the row is queued: one transaction then has both, and one wait.
        var settling = account?.SettleAsync(record) ?? ValueTask.CompletedTask;
        try
        {
            await ledger.FinishAsync(record, CancellationToken.None);
        }
        catch (Exception exception)
        {
            if (exception is LedgerException { WillRetry: true })
            {
                GatewayLog.EndNotRecordedYet(logger, exception, request.RequestId, record.ToString());
            }
            else
            {
                GatewayLog.EndNotRecorded(logger, exception, request.RequestId, record.ToString());
            }
        }

        await SettleAsync(settling);
    }

    private async ValueTask SettleAsync(ValueTask settling)
    {
        try
        {
            await settling;
        }
        catch (Exception exception)
        {
            GatewayLog.NotSettled(logger, exception, request.RequestId);
        }
    }

    // The engine does not wait for a reader, so what a reader delays is seen here alone.
    private GapRecord GapsOf(GenerationSummary? summary)
    {
        var gaps = summary?.Gaps ?? GapRecord.None;
        if (Delivery.SlowReads == 0)
        {
            return gaps;
        }

        var counts = gaps.Counts.Count == 0 ? new int[Enum.GetValues<GapCause>().Length] : [.. gaps.Counts];
        counts[(int)GapCause.SlowReader] += Delivery.SlowReads;
        gaps = gaps with { Target = target.GapTarget ?? gaps.Target, Counts = counts };
        return gaps.LargestCause is not null && summary?.LargestGap >= Delivery.LongestSlowRead
            ? gaps
            : gaps with { LargestCause = GapCause.SlowReader, LargestCauseClass = null };
    }

    private PenstockError Unforeseen(Exception exception)
    {
        GatewayLog.Unforeseen(logger, exception, request.RequestId);
        return ServerErrors.Unforeseen(request.RequestId);
    }

    private RequestRecord Record(RecordState state) => new()
    {
        RequestId = request.RequestId,
        State = state,
        ReceivedAt = timeline.ReceivedAt,
        Tenant = request.Tenant,
        ApiKeyId = request.ApiKeyId,
        Kind = request.Kind,
        Model = request.Model,
        Target = $"{target.Owner}/{target.Name}",
        RouteReason = routeReason,
        Adapter = request.Adapter?.Name,
        Fingerprint = Fingerprint,
        Stream = request.Stream,
        Choices = request.Choices,
        Class = request.Terms.Class,
        Intent = request.Intent,
        RunId = request.RunId,
        ParentId = request.ParentId,
        Step = request.Step,
        Task = request.Task,
        Losses = losses,
        Tokens = new TokenCounts { Prompt = PromptTokens, NotReached = PromptTokens },
    };
}
