using Penstock.Contracts.Generation;
using Penstock.Contracts.Records;

namespace Penstock.Gateway.Requests;

/// <summary>What of a request's record is each of its attempts' doing.</summary>
internal static class AttemptShares
{
    /// <summary>The rows with what each has delivered: the tokens that it handed on, in their order, as far as they reached the client.</summary>
    public static IReadOnlyList<AttemptRecord> Of(GenerationSummary? summary, int delivered)
    {
        if (summary is not { Attempts.Count: > 0 })
        {
            return [];
        }

        var rows = new AttemptRecord[summary.Attempts.Count];
        for (var index = 0; index < rows.Length; index++)
        {
            var row = summary.Attempts[index];
            rows[index] = row with { Delivered = Math.Clamp(row.Delivered, 0, delivered) };
            delivered -= rows[index].Delivered;
        }

        return rows;
    }

    /// <summary>Tokens that the attempts read and produced beyond the answer's own.</summary>
    public static int ExtraTokens(RequestRecord record) => record.Attempts.Count == 0
        ? 0
        : record.Attempts.Sum(attempt => attempt.Prompt + attempt.Produced) - record.Tokens.Cached - record.Tokens.Prefilled - record.Tokens.Sampled;

    /// <summary>Why it was answered by whom it was: how the name was found, and what led on from there to the one that answered.</summary>
    public static string ReasonOf(GenerationSummary? summary, string found)
    {
        var last = summary?.Attempts.LastOrDefault(attempt => attempt.Outcome == AttemptOutcome.Answered);
        var colon = last?.Reason.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon < 0 ? found : $"{found}, {last!.Reason[..colon]}";
    }
}
