using Penstock.Contracts.Generation;

namespace Penstock.Gateway.Attempts;

/// <summary>The account of an answer that two attempts gave: one prompt, the output of both, and the end of the second.</summary>
internal static class JoinedAnswer
{
    public static GenerationSummary Of(GenerationSummary first, GenerationSummary second) => second with
    {
        Tokens = first.Tokens with
        {
            Sampled = first.Tokens.Sampled + second.Tokens.Sampled,
            HiddenReasoning = first.Tokens.HiddenReasoning + second.Tokens.HiddenReasoning,
            DiscardedTrimmed = first.Tokens.DiscardedTrimmed + second.Tokens.DiscardedTrimmed,
            Drafted = first.Tokens.Drafted + second.Tokens.Drafted,
            Accepted = first.Tokens.Accepted + second.Tokens.Accepted,
            Rejected = first.Tokens.Rejected + second.Tokens.Rejected,
        },
        TokensEstimated = first.TokensEstimated || second.TokensEstimated,
        ProviderUsage = null,
        ScheduledAt = first.ScheduledAt,
        FirstTokenAt = first.FirstTokenAt,
        LargestGap = first.LargestGap > second.LargestGap ? first.LargestGap : second.LargestGap ?? first.LargestGap,
        Digest = null,
    };
}
