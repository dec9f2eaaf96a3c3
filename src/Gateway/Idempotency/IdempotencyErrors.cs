using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Idempotency;

/// <summary>What a client with an idempotency key is told that others never are.</summary>
internal static class IdempotencyErrors
{
    public static PenstockError OtherBody { get; } = new(
        ErrorCode.IdempotencyKeyReused,
        "This idempotency key belongs to an earlier request with another body. Send a key of its own with each request, and the same bytes again with the same key.",
        IdempotencyKey.Header);

    public static PenstockError NotStored { get; } = new(
        ErrorCode.LedgerFailed,
        "The answer is made, but it could not be stored, so it is held back. Send the request again with the same key; it is not run a second time while this server lives.",
        RetryAfter: TimeSpan.FromSeconds(5));

    public static PenstockError Lost { get; } = new(
        ErrorCode.Unavailable,
        "This server stood still for too long, and another one has taken the request over. Send it again with the same key.",
        RetryAfter: TimeSpan.FromSeconds(1));
}
