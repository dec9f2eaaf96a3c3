using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Errors;

/// <summary>What a client is told when the server is at fault.</summary>
internal static class ServerErrors
{
    public static PenstockError Stopping { get; } = new(
        ErrorCode.Unavailable, "The server is stopping. Try again in a few seconds.", RetryAfter: TimeSpan.FromSeconds(5));

    public static PenstockError TooLate { get; } = new(
        ErrorCode.Unavailable, "The answer was not done in time. Try again later or ask for less.");

    public static PenstockError RunnerFailed { get; } = new(
        ErrorCode.RunnerFailed, "The model's runner failed while it worked on this request. Try again; the server's log has the cause.");

    public static PenstockError LedgerFailed { get; } = new(
        ErrorCode.LedgerFailed,
        "The ledger could not store this request, so it was not run. The server's log has the cause; try again when its disk has room or its database answers.",
        RetryAfter: TimeSpan.FromSeconds(1));

    public static PenstockError NotAnswered { get; } = new(
        ErrorCode.Internal, "The server failed in a way that was not foreseen. Its log has more. Send the request again with the same key.");

    public static PenstockError Unforeseen(string requestId) => new(
        ErrorCode.Internal, $"The server failed in a way that was not foreseen. Its log has more under {requestId}.");
}
