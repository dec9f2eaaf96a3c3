using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;
using Penstock.Gateway.Errors;

namespace Penstock.Gateway.Requests;

/// <summary>What a generation's end means for whoever waits for the answer.</summary>
internal static class AnswerEnd
{
    /// <summary>Why the answer is not whole; null when it is, and when it is its client that left: there is nobody to tell.</summary>
    public static PenstockError? Failure(GenerationSummary summary, Interruption interruption) => summary.FinishReason switch
    {
        FinishReason.Stop or FinishReason.Length => null,
        FinishReason.Cancelled when interruption == Interruption.Client => null,
        FinishReason.Cancelled => ServerErrors.Stopping,
        FinishReason.Deadline => ServerErrors.TooLate,
        _ => ServerErrors.RunnerFailed,
    };
}
