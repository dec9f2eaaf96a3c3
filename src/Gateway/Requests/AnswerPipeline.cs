using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Streaming;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Requests;

/// <summary>
/// Steps 3 to 11 of a request's life (<c>docs/request-life.md</c>) for everything that generates text:
/// route, prepare, write the admission row, start, move events to the client, write the record.
/// </summary>
internal sealed class AnswerPipeline(Admission admission, DrainSignal drain, TimeProvider time, ILogger<AnswerPipeline> logger)
{
    public async Task RunAsync(HttpContext http, ParsedRequest parsed, AnswerForm form)
    {
        using var presence = drain.Enter();
        var scope = RequestScope.Of(http);
        var request = parsed.Request;
        if (await admission.AdmitAsync(http, request) is not var (target, prepared, live))
        {
            return;
        }

        var started = live.Start(prepared);
        scope.Timeline.End(RequestPhase.Admit);
        if (!started.Ok)
        {
            await Refusal.WriteAsync(http.Response, live, started.Error);
            return;
        }

        await using var generation = started.Value;
        var head = new AnswerHead(
            form.IdPrefix + scope.Id, time.GetUtcNow().ToUnixTimeSeconds(), request.Model, live.Fingerprint, request.Choices, parsed.IncludeUsage, request.Sampling.TopLogProbs is not null, parsed.ServiceTier, parsed.Receipt, live.PromptTokens);
        await DeliverAsync(http, generation, live, target.Remote ? new FirstEventWriter(http.Response, Written, Relayed, Resumed) : Written());

        IAnswerWriter Written() => request.Stream ? form.Stream(http.Response, head) : form.Whole(http.Response, head);
        IAnswerWriter Resumed(ResumedAnswer resumed) => form.Resumed(http.Response, head, resumed);
        IAnswerWriter Relayed() => request.Stream ? new RelayedStream(http.Response, form.Tail ?? StreamTail.OpenAi) : new RelayedAnswer(http.Response);
    }

    private async Task DeliverAsync(HttpContext http, IGeneration generation, LiveRequest live, IAnswerWriter writer)
    {
        var gone = http.RequestAborted;
        PenstockError? failure = null;
        await using var keepAlive = new KeepAlive(writer, time);
        try
        {
            using var onLeave = gone.UnsafeRegister(Cancel, generation);
            using var onDrain = drain.Expired.UnsafeRegister(Cancel, generation);
            await writer.BeginAsync();
            failure = await MoveAsync(generation, live.Delivery, writer, keepAlive, gone);
            var ended = await generation.Completion;
            failure ??= AnswerEnd.Failure(ended, Interrupted(gone));
            if (failure is null && !gone.IsCancellationRequested)
            {
                await writer.CompleteAsync(ended);
                if (!gone.IsCancellationRequested)
                {
                    live.Delivery.Flushed();
                }
            }

            // Everything but the last bytes is with the client. It cannot take its answer for whole before the record is on disk.
            await live.FinishAsync(generation, Interrupted(gone), failure);
            if (failure is not null)
            {
                await writer.FailAsync(failure);
            }
            else if (!gone.IsCancellationRequested)
            {
                RequestScope.Of(http).Completing?.Invoke();
                await writer.EndAsync();
            }
        }
        catch (Exception exception)
        {
            await keepAlive.WakeAsync();
            generation.Cancel();
            failure = gone.IsCancellationRequested ? null : ServerErrors.Unforeseen(RequestScope.Of(http).Caller.RequestId);
            if (failure is not null)
            {
                GatewayLog.Unforeseen(logger, exception, RequestScope.Of(http).Caller.RequestId);
                await writer.FailAsync(failure);
            }
        }
        finally
        {
            // Whatever the target or writing to the client met, the admission row gets its end.
            await live.FinishAsync(generation, Interrupted(gone), failure);
        }
    }

    // Reading is not cancelled by the token: the generation is, and then it ends by itself within a step.
    private static async Task<PenstockError?> MoveAsync(IGeneration generation, Delivery delivery, IAnswerWriter writer, KeepAlive keepAlive, CancellationToken gone)
    {
        PenstockError? failure = null;
        while (true)
        {
            var waiting = generation.WaitToReadAsync(CancellationToken.None);
            var quiet = !waiting.IsCompleted;
            if (quiet)
            {
                keepAlive.Rest();
            }

            var more = await waiting;
            if (quiet)
            {
                await keepAlive.WakeAsync();
            }

            if (!more)
            {
                return failure;
            }

            while (generation.TryRead(out var item))
            {
                if (item.Kind == GenerationEventKind.Error)
                {
                    failure = item.Error;
                    continue;
                }

                delivery.Take(item);
                if (!gone.IsCancellationRequested)
                {
                    writer.Write(item);
                }
            }

            if (!gone.IsCancellationRequested && await writer.FlushAsync() && !gone.IsCancellationRequested)
            {
                delivery.Flushed();
            }
        }
    }

    private static void Cancel(object? generation) => ((IGeneration)generation!).Cancel();

    private Interruption Interrupted(CancellationToken gone) =>
        drain.Expired.IsCancellationRequested ? Interruption.Server : gone.IsCancellationRequested ? Interruption.Client : Interruption.None;
}
