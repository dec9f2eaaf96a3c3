using Microsoft.Extensions.Logging;

namespace Penstock.Gateway;

/// <summary>Everything that the gateway logs. Never content.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} was not run: the ledger could not store its admission.")]
    public static partial void AdmissionNotRecorded(ILogger logger, Exception exception, string requestId);

    [LoggerMessage(2, LogLevel.Critical, "The ledger lost the end of request {RequestId}; it will show as interrupted. What it should have said: {Record}")]
    public static partial void EndNotRecorded(ILogger logger, Exception exception, string requestId, string record);

    [LoggerMessage(9, LogLevel.Error, "The ledger could not store the end of request {RequestId} yet; it tries again until it can, or the process ends. What it should say: {Record}")]
    public static partial void EndNotRecordedYet(ILogger logger, Exception exception, string requestId, string record);

    [LoggerMessage(3, LogLevel.Error, "Request {RequestId} failed in a way that was not foreseen.")]
    public static partial void Unforeseen(ILogger logger, Exception exception, string requestId);

    [LoggerMessage(4, LogLevel.Error, "Model {Model} did not answer its warm-up: {Reason}")]
    public static partial void WarmUpFailed(ILogger logger, string model, string reason, Exception? exception);

    [LoggerMessage(7, LogLevel.Error, "The runner of {Model} threw; the requests that it worked on have ended with an error.")]
    public static partial void RunnerThrew(ILogger logger, Exception exception, string model);

    [LoggerMessage(5, LogLevel.Warning, "Stopping: {Running} may still finish within {Seconds} s; a second signal ends them now.")]
    public static partial void Draining(ILogger logger, string running, double seconds);

    [LoggerMessage(6, LogLevel.Warning, "Stopping: time is up, {Running} ended unfinished.")]
    public static partial void DrainExpired(ILogger logger, string running);

    [LoggerMessage(8, LogLevel.Warning, "Stopping: asked a second time, {Running} ended unfinished.")]
    public static partial void DrainCutShort(ILogger logger, string running);

    [LoggerMessage(10, LogLevel.Error, "What request {RequestId} spent is not stored yet; it is tried again, and should the process end first, it counts with its worst case.")]
    public static partial void NotSettled(ILogger logger, Exception exception, string requestId);

    [LoggerMessage(11, LogLevel.Warning, "{Model} of {Owner} has no price: what {Tenant} asks of it uses none of its limits in dollars. Give it one in prices (docs/prices.md). This is said once.")]
    public static partial void NoPrice(ILogger logger, string model, string owner, string tenant);

    [LoggerMessage(12, LogLevel.Error, "New settings are refused ({Cause}); the old ones stay. {Faults}")]
    public static partial void SettingsRefused(ILogger logger, string cause, string faults);

    [LoggerMessage(13, LogLevel.Warning, "New settings are in place ({Cause}), but for {What}: that takes a restart.")]
    public static partial void NeedsRestart(ILogger logger, string cause, string what);

    [LoggerMessage(14, LogLevel.Error, "The look for changed settings failed in a way that was not foreseen; it is repeated.")]
    public static partial void WatchFailed(ILogger logger, Exception exception);

    [LoggerMessage(15, LogLevel.Error, "The administration failed to answer {Method} {Path} in a way that was not foreseen.")]
    public static partial void AdministrationFailed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(40, LogLevel.Error, "A request with an idempotency key was not run: the store could not claim the key.")]
    public static partial void KeyNotClaimed(ILogger logger, Exception exception);

    [LoggerMessage(41, LogLevel.Error, "The answer to a request with an idempotency key cannot be stored yet and is held back; this is tried again until it can, or the process ends.")]
    public static partial void DecisionNotStored(ILogger logger, Exception exception);

    [LoggerMessage(42, LogLevel.Error, "An idempotency key that got no decision is not free yet; this is tried again.")]
    public static partial void KeyNotReleased(ILogger logger, Exception exception);

    [LoggerMessage(43, LogLevel.Error, "The answer to a request with an idempotency key failed in a way that was not foreseen.")]
    public static partial void AnswerThrew(ILogger logger, Exception exception);

    [LoggerMessage(45, LogLevel.Error, "A stored answer could not be read; the client's connection was closed in the middle of it.")]
    public static partial void AnswerNotRead(ILogger logger, Exception exception);

    [LoggerMessage(44, LogLevel.Warning, "Expired answers to idempotency keys were not deleted; this is tried again in a few seconds.")]
    public static partial void DecisionsNotTended(ILogger logger, Exception exception);
}
