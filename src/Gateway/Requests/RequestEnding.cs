using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.Requests;

/// <summary>How a request ended and where its tokens went: what a record says about its end.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Cause">By whom.</param>
/// <param name="Phase">In which phase.</param>
/// <param name="Tokens">Counts for which the laws hold.</param>
/// <param name="ErrorCode">Stable code of an error or refusal, or null.</param>
public sealed record RequestEnding(FinishReason Reason, FinishCause Cause, RequestPhase Phase, TokenCounts Tokens, string? ErrorCode)
{
    /// <summary>There is an error and no account of what was done: refused by a budget or by the target's queue, or failed under it.</summary>
    public static RequestEnding NotRun(int promptTokens, PenstockError error) =>
        error.Code is Contracts.Errors.ErrorCode.QueueFull or Contracts.Errors.ErrorCode.DeadlineUnreachable or Contracts.Errors.ErrorCode.Unavailable
            or Contracts.Errors.ErrorCode.BudgetExceeded or Contracts.Errors.ErrorCode.RateLimited or Contracts.Errors.ErrorCode.RunLimitReached
            ? new(FinishReason.Refused, FinishCause.Server, RequestPhase.Admit, Untouched(promptTokens), Code(error.Code))
            : new(FinishReason.Error, FinishCause.Server, RequestPhase.Schedule, Untouched(promptTokens), Code(error.Code));

    /// <summary>The target cannot take what was asked for; how many tokens its prompt has is not known.</summary>
    public static RequestEnding RefusedAtAdmission(PenstockError error) =>
        new(FinishReason.Refused, FinishCause.Request, RequestPhase.Admit, Untouched(0), Code(error.Code));

    /// <summary>The client left between the admission row and the queue; nothing was computed.</summary>
    public static RequestEnding LeftBeforeStart(int promptTokens) => new(
        FinishReason.Cancelled, FinishCause.Client, RequestPhase.Admit, Untouched(promptTokens), null);

    /// <summary>The target broke off without an account: what left it is all that is known to have been computed.</summary>
    public static RequestEnding Unaccounted(int promptTokens, Delivery delivery, PenstockError error)
    {
        var prefilled = delivery.HandedOver > 0 ? promptTokens : 0;
        var tokens = new TokenCounts { Prompt = promptTokens, Prefilled = prefilled, NotReached = promptTokens - prefilled, Sampled = delivery.HandedOver };
        return new(FinishReason.Error, FinishCause.Server, prefilled > 0 ? RequestPhase.Decode : RequestPhase.Schedule, Settle(tokens, delivery), Code(error.Code));
    }

    /// <summary>The target ran it, to whatever end.</summary>
    public static RequestEnding Of(GenerationSummary summary, Delivery delivery, Interruption interruption, PenstockError? error)
    {
        var tokens = Settle(summary.Tokens, delivery);
        var code = error is not null ? Code(error.Code) : summary.FinishReason == FinishReason.Error ? Code(Contracts.Errors.ErrorCode.RunnerFailed) : null;
        var cancelled = summary.FinishReason == FinishReason.Cancelled;
        var undelivered = tokens.DeliveredVisible < delivery.HandedOver || delivery.LastAt == 0;
        return interruption switch
        {
            Interruption.Client when cancelled => new(FinishReason.Cancelled, FinishCause.Client, summary.FinishPhase, tokens, code),
            Interruption.Client when undelivered => new(FinishReason.Cancelled, FinishCause.Client, RequestPhase.Deliver, tokens, code),
            // Nobody outside asked for it: the server gave up, because it stops or because something in it failed.
            _ when cancelled => new(
                FinishReason.Error, FinishCause.Server, summary.FinishPhase, tokens, code ?? Code(Contracts.Errors.ErrorCode.Unavailable)),
            _ => new(summary.FinishReason, summary.FinishCause, summary.FinishPhase, tokens, code),
        };
    }

    // What was sampled and is neither delivered nor trimmed is discarded: disconnected as far as it had left the engine, else cancelled in it.
    private static TokenCounts Settle(TokenCounts tokens, Delivery delivery)
    {
        // A provider may count fewer tokens than its answer had pieces, and says so last: its count stands.
        var delivered = Math.Min(delivery.Delivered, tokens.Sampled - tokens.HiddenReasoning - tokens.DiscardedTrimmed);
        var discarded = tokens.Sampled - tokens.HiddenReasoning - tokens.DiscardedTrimmed - delivered;
        var disconnected = Math.Clamp(delivery.HandedOver - delivered, 0, discarded);
        return tokens with
        {
            DeliveredVisible = delivered,
            DiscardedDisconnected = disconnected,
            DiscardedCancelled = discarded - disconnected,
        };
    }

    private static string Code(Contracts.Errors.ErrorCode code) => ErrorTable.For(code).Code;

    private static TokenCounts Untouched(int promptTokens) => new() { Prompt = promptTokens, NotReached = promptTokens };
}
