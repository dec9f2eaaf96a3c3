using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Attempts;

/// <summary>What a client is told when no target answered.</summary>
internal static class AttemptErrors
{
    public static PenstockError TooLate(string target, FaultKind kind, bool produced) => new(
        ErrorCode.UpstreamTimeout,
        kind == FaultKind.Stall ? $"The answer of '{target}' stood still for too long." : $"'{target}' did not begin to answer in time. Try again later.")
    {
        Upstream = new(kind, Produced: produced),
    };

    /// <summary>Nobody may be asked: all have failed too often lately, or asked to be left alone.</summary>
    public static PenstockError NobodyLeft(string model, TimeSpan wait, bool resting) => resting
        ? new(ErrorCode.UpstreamRateLimited, $"The targets of '{Shorten(model)}' take no more requests for now. Try again later.", RetryAfter: wait) { Upstream = new(FaultKind.RateLimited) }
        : new(ErrorCode.Unavailable, $"The targets of '{Shorten(model)}' have failed too often lately and are not asked for now. Try again later.", RetryAfter: wait) { Upstream = new(FaultKind.Overloaded) };

    /// <summary>What a failure means for whether to try again. A target that is no provider says it by its error alone.</summary>
    public static UpstreamFault FaultOf(PenstockError error) => error.Upstream ?? new(error.Code switch
    {
        ErrorCode.QueueFull or ErrorCode.DeadlineUnreachable or ErrorCode.Unavailable => FaultKind.Overloaded,
        ErrorCode.ContextLengthExceeded => FaultKind.ContextLength,
        ErrorCode.InvalidRequest or ErrorCode.UnsupportedValue or ErrorCode.TemplateFailed => FaultKind.Refused,
        _ => FaultKind.ServerError,
    });

    private static string Shorten(string name) => name.Length <= 64 ? name : $"{name[..64]}...";
}
