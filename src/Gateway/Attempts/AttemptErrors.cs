using Penstock.Contracts.Errors;
using Penstock.Routing.Attempts;

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

    /// <summary>A target threw. What the exception says may be of the request, so only its kind is told.</summary>
    public static PenstockError Unforeseen(string target, Exception exception, bool produced) =>
        new(ErrorCode.UpstreamFailed, $"'{target}' failed in a way that was not foreseen ({exception.GetType().Name}). Try again.") { Upstream = new(FaultKind.ServerError, Produced: produced) };

    /// <summary>A target that was to go on with an answer had nothing to say.</summary>
    public static PenstockError NothingMore(string target) =>
        new(ErrorCode.UpstreamFailed, $"'{target}' was to go on with the answer and gave nothing.") { Upstream = new(FaultKind.Cut, 200) };

    /// <summary>What a client is told when an answer goes on elsewhere.</summary>
    public static string Continued(Attempt first, PenstockError broke, Attempt next) =>
        $"answer: '{first.Target}' broke off ({AttemptPolicy.Name(FaultOf(broke))}); from here on it is by '{next.Target}', which goes on from the text so far.";

    /// <summary>Whether it is about the request's content: then no other target is to be asked.</summary>
    public static bool IsVerdict(PenstockError error) => FaultOf(error).Kind is FaultKind.ContextLength or FaultKind.ContentFilter;

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
