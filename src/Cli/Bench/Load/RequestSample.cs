using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Bench.Load;

/// <summary>One request of a load, in the form in which it is counted.</summary>
internal sealed record RequestSample
{
    public required ChatOutcome Outcome { get; init; }

    /// <summary>See <see cref="ChatTrace.Failure"/>.</summary>
    public string? Failure { get; init; }

    /// <summary>From the moment at which it should have been sent to its first token; null when none came.</summary>
    public double? TtftMs { get; init; }

    /// <summary>From that moment to its end.</summary>
    public required double TotalMs { get; init; }

    /// <summary>How late this program sent it: part of the latency, and this program's fault if it is large.</summary>
    public required double SendLagMs { get; init; }

    public required int OutputTokens { get; init; }

    public int? PromptTokens { get; init; }

    /// <summary>Times between consecutive tokens.</summary>
    public required IReadOnlyList<float> GapsMs { get; init; }

    /// <summary>Those of the gaps that are 0 since the events came in one read; the other zeros are tokens that shared an event.</summary>
    public required int GapsWithinReads { get; init; }

    /// <summary>Reads a trace from the moment at which it should have been sent.</summary>
    public static RequestSample Of(ChatTrace trace, long intendedAt, TimeProvider time) => new()
    {
        Outcome = trace.Outcome,
        Failure = trace.Failure,
        TtftMs = trace.FirstTokenAt is { } first ? time.GetElapsedTime(intendedAt, first).TotalMilliseconds : null,
        TotalMs = time.GetElapsedTime(intendedAt, trace.EndedAt).TotalMilliseconds,
        SendLagMs = time.GetElapsedTime(intendedAt, trace.SentAt).TotalMilliseconds,
        OutputTokens = trace.OutputTokens,
        PromptTokens = trace.PromptTokens,
        GapsMs = trace.GapsMs(time),
        GapsWithinReads = trace.EventsTogether,
    };
}
