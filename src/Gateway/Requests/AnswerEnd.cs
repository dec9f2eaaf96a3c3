using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Gateway.Errors;

namespace Penstock.Gateway.Requests;

/// <summary>What a generation's end means for whoever waits for the answer.</summary>
internal static class AnswerEnd
{
    /// <summary>Why the answer is not whole, or null when it is.</summary>
    public static PenstockError? Failure(GenerationSummary summary) => summary.FinishReason switch
    {
        FinishReason.Stop or FinishReason.Length => null,
        FinishReason.Cancelled => ServerErrors.Stopping,
        FinishReason.Deadline => ServerErrors.TooLate,
        _ => ServerErrors.RunnerFailed,
    };
}
