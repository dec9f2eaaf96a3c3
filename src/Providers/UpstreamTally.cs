using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Providers;

/// <summary>
/// The books of one call. A provider's own figures win; until they are there, and where there are none, every event with content counts as one token and the
/// summary says that it is an estimate.
/// </summary>
internal sealed class UpstreamTally(int promptEstimate, TimeProvider time)
{
    private readonly long startedAt = time.GetTimestamp();
    private long firstTokenAt;
    private long lastTokenAt;
    private TimeSpan? largestGap;
    private int counted;
    private JsonElement? providerUsage;

    /// <summary>What the provider says that it counted.</summary>
    public Usage Usage { get; private set; }

    /// <summary>The model that the answer names.</summary>
    public string? Model { get; set; }

    /// <summary>Whether the client is shown the thinking: then its tokens are not hidden.</summary>
    public bool ReasoningShown { get; set; }

    public bool Produced => firstTokenAt != 0;

    /// <summary>Timestamp of the last token.</summary>
    public long LastTokenAt => lastTokenAt;

    private bool Reported => Usage.Output is { } output && (output > 0 || counted == 0);

    private int Hidden => ReasoningShown || !Reported ? 0 : Math.Min(Usage.Reasoning, Usage.Output!.Value);

    /// <summary>The provider has said what it counted.</summary>
    /// <param name="usage">Its figures.</param>
    /// <param name="json">Its usage object, as it wrote it: read once, so that it parses.</param>
    public void Report(Usage usage, ReadOnlySpan<byte> json)
    {
        Usage = usage;
        providerUsage = JsonElement.Parse(json);
    }

    /// <summary>Content has come.</summary>
    /// <param name="tokens">About how many tokens.</param>
    public void Count(int tokens)
    {
        var now = time.GetTimestamp();
        if (firstTokenAt == 0)
        {
            firstTokenAt = now;
        }
        else
        {
            var gap = time.GetElapsedTime(lastTokenAt, now);
            largestGap = gap > largestGap ? gap : largestGap ?? gap;
        }

        lastTokenAt = now;
        counted += tokens;
    }

    /// <summary>By how much the provider's figure differs from what was counted; from now on its figure counts.</summary>
    public int Correct()
    {
        var difference = Reported ? Usage.Output!.Value - Hidden - counted : 0;
        counted += difference;
        return difference;
    }

    public GenerationSummary Summarize(FinishReason reason, FinishCause cause)
    {
        var answered = Produced || Usage.Prompt is not null;
        var prompt = Usage.Prompt ?? promptEstimate;
        var cached = answered ? Math.Min(Usage.Cached, prompt) : 0;
        var sampled = counted + Hidden;
        var touched = answered && reason != FinishReason.Refused;
        return new GenerationSummary
        {
            Tokens = new TokenCounts
            {
                Prompt = prompt,
                Cached = touched ? cached : 0,
                Prefilled = touched ? prompt - cached : 0,
                NotReached = touched ? 0 : prompt,
                Sampled = sampled,
                HiddenReasoning = Hidden,
            },
            ScheduledAt = startedAt,
            FirstTokenAt = firstTokenAt,
            EndedAt = time.GetTimestamp(),
            LargestGap = sampled >= 2 ? largestGap : null,
            AnsweredModel = Model,
            ProviderUsage = providerUsage,
            TokensEstimated = !Reported || Usage.Prompt is null,
            FinishReason = reason,
            FinishCause = cause,
            FinishPhase = reason == FinishReason.Refused ? RequestPhase.Admit : Produced ? RequestPhase.Decode : RequestPhase.Prefill,
        };
    }

    public GenerationSummary SummarizeFailure(PenstockError error) => error.Upstream?.Kind is FaultKind.Refused or FaultKind.ContextLength or FaultKind.ContentFilter && !Produced
        ? Summarize(FinishReason.Refused, FinishCause.Request)
        : Summarize(FinishReason.Error, FinishCause.Server);
}
