using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Requests;
using Penstock.Ledger;
using Penstock.Ledger.Decisions;

namespace Penstock.Gateway.Idempotency;

/// <summary>
/// The answer to one key while it is being made: claimed, run, decided, and only then completed for whoever reads it. It belongs to none of its readers and is cancelled
/// when the last of them has left.
/// </summary>
internal sealed class RunningAnswer : IDisposable
{
    /// <summary>How long readers wait for a store that takes the claim but not the decision.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks at a key whose answer another gateway makes: short at first, for those that are done at once.</summary>
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource gone = new();
    private readonly AnswerServices services;
    private bool broken;

    public RunningAnswer(DecisionKey key, AnswerServices services)
    {
        (Key, this.services) = (key, services);
        Response = new CapturedResponse(Tape, SpillAsync, gone.Token);
    }

    public DecisionKey Key { get; }

    public AnswerTape Tape { get; } = new();

    /// <summary>Where the endpoint writes it.</summary>
    public CapturedResponse Response { get; }

    /// <summary>Cancelled when its last reader has left.</summary>
    public CancellationToken Gone => gone.Token;

    /// <summary>The claim that the answer's segments are stored under.</summary>
    public long Claim { get; private set; }

    /// <summary>Whether the answer was there before, or is another gateway's.</summary>
    public bool Replayed { get; private set; }

    /// <summary>Who reads it. Counted by <see cref="RunningAnswers"/>, under its lock.</summary>
    public int Readers { get; set; }

    /// <summary>Whether it has been made. Set by <see cref="RunningAnswers"/>, under its lock.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Its last reader has left.</summary>
    public void Abandon() => gone.Cancel();

    /// <summary>Makes the answer. Never throws: what went wrong is on the tape.</summary>
    /// <param name="detached">The request without its connection.</param>
    /// <param name="next">Answers it.</param>
    /// <param name="retire">Takes it off the list of those that can be joined.</param>
    public async Task RunAsync(HttpContext detached, RequestDelegate next, Action retire)
    {
        using var presence = services.Drain.Enter();
        try
        {
            var claim = await ClaimAsync();
            Claim = claim.Claim;
            switch (claim.State)
            {
                case ClaimState.OtherBody:
                    Tape.Fail(IdempotencyErrors.OtherBody);
                    break;
                case ClaimState.Decided:
                    Replayed = true;
                    Tape.Restore(claim.Decision!);
                    break;
                default:
                    await AnswerAsync(detached, next, retire);
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it, or the server must stop.
            await GiveUpAsync(ServerErrors.Stopping, retire);
        }
        catch (LedgerException failing)
        {
            GatewayLog.KeyNotClaimed(services.Logger, failing);
            await GiveUpAsync(ServerErrors.LedgerFailed, retire);
        }
#pragma warning disable CA1031 // Nobody awaits this: whoever reads the tape must learn of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            GatewayLog.AnswerThrew(services.Logger, exception);
            await GiveUpAsync(ServerErrors.NotAnswered, retire);
        }
    }

    public void Dispose() => gone.Dispose();

    private async Task<DecisionClaim> ClaimAsync()
    {
        for (var wait = ShortestLook; ; wait = wait < RetryInterval ? wait * 2 : RetryInterval)
        {
            var claim = await services.Store.ClaimAsync(Key);
            if (claim.State != ClaimState.Held)
            {
                return claim;
            }

            Tape.MadeElsewhere();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(gone.Token, services.Drain.Expired);
            await Task.Delay(wait, services.Time, stop.Token);
        }
    }

    private async Task AnswerAsync(HttpContext detached, RequestDelegate next, Action retire)
    {
        if (await RunAsync(detached, next) == AnswerOutcome.Decision)
        {
            await DecideAsync();
            return;
        }

        // In this order: who is told to try again must not meet this answer once more.
        await ReleaseAsync();
        retire();
        Tape.Resolve();
    }

    private async Task<AnswerOutcome> RunAsync(HttpContext detached, RequestDelegate next)
    {
        if (gone.IsCancellationRequested)
        {
            return AnswerOutcome.Passing;
        }

        var scope = RequestScope.Of(detached);
        var completed = false;
        scope.Completing = () =>
        {
            completed = true;
            Tape.Withhold();
        };
        try
        {
            await next(detached);
        }
#pragma warning disable CA1031 // As at the edge of a request that has a connection.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!gone.IsCancellationRequested)
            {
                GatewayLog.Unforeseen(services.Logger, exception, scope.Caller.RequestId);
                await ErrorResponse.WriteAsync(detached.Response, ServerErrors.Unforeseen(scope.Caller.RequestId));
            }

            return AnswerOutcome.Passing;
        }

        await Response.CompleteAsync();
        return broken ? AnswerOutcome.Passing : DecisionRule.Of(Response.StatusCode, completed);
    }

    /// <summary>Keeps asking a store that fails: the answer has been paid for, and its claim is held.</summary>
    private async Task DecideAsync()
    {
        var decision = Tape.Decide() ?? throw new InvalidOperationException("An answer without a head was decided.");
        var last = Tape.EncodeNewest();
        var since = services.Time.GetTimestamp();
        for (var told = false; ; await Task.Delay(RetryInterval, services.Time, services.Drain.Expired))
        {
            try
            {
                if (await services.Store.DecideAsync(Claim, decision, last))
                {
                    Tape.Resolve();
                }
                else
                {
                    Tape.Fail(IdempotencyErrors.Lost);
                }

                return;
            }
            catch (LedgerException failing) when (!services.Drain.Expired.IsCancellationRequested)
            {
                if (!told && services.Time.GetElapsedTime(since) >= Patience)
                {
                    told = true;
                    GatewayLog.DecisionNotStored(services.Logger, failing);
                    Tape.Fail(IdempotencyErrors.NotStored);
                }
            }
        }
    }

    // A key that was claimed must not stay so.
    private async Task GiveUpAsync(PenstockError why, Action retire)
    {
        if (Claim != 0 && !Replayed)
        {
            await ReleaseAsync();
        }

        retire();
        Tape.Fail(why);
    }

    private async Task ReleaseAsync()
    {
        try
        {
            await services.Store.ReleaseAsync(Claim);
        }
        catch (Exception failing) when (failing is LedgerException or ObjectDisposedException)
        {
            GatewayLog.KeyNotReleased(services.Logger, failing);
        }
    }

    // A store that fails here ends the answer: what is not stored would have to be kept, however long it grows.
    private async ValueTask SpillAsync()
    {
        if (broken || !Tape.IsFull)
        {
            return;
        }

        broken = true;
        if (!await services.Store.AppendAsync(Claim, Tape.Segment, Tape.EncodeNewest()))
        {
            throw new IOException("The claim on the idempotency key was lost.");
        }

        Tape.Stored();
        broken = false;
    }
}
