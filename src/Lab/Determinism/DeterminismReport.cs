namespace Penstock.Lab.Determinism;

/// <summary>How alike the answers to one prompt are. The property names are the JSON's.</summary>
public sealed record DeterminismReport
{
    /// <summary>Answers compared.</summary>
    public required int N { get; init; }

    /// <summary>Different answers among them: text, tokens and why they ended.</summary>
    public required int Distinct { get; init; }

    /// <summary>The first token, from 0, at which any answer differs from the first one's; null when none does.</summary>
    public required int? FirstDivergenceToken { get; init; }

    /// <summary>Mean over the answers of the share of tokens before the first that differs from the first answer's; 1 = all alike.</summary>
    public required double Agreement { get; init; }

    /// <summary>What was compared one by one: <c>token</c>, or <c>character</c> where the server does not tell tokens.</summary>
    public required string Unit { get; init; }

    /// <summary>Different receipts, which also tell answers apart whose tokens agree and whose logits do not; null where none are given.</summary>
    public required int? DistinctReceipts { get; init; }

    /// <summary>Different things that said that they computed them; 0 where none said.</summary>
    public required int DistinctFingerprints { get; init; }

    public required string? Fingerprint { get; init; }

    /// <summary>Tokens of the first answer, where they are known.</summary>
    public required int? OutputTokens { get; init; }

    /// <summary>Requests that were not answered; they are not among <see cref="N"/>.</summary>
    public required int Failed { get; init; }

    /// <summary>What the first of these said.</summary>
    public required string? Problem { get; init; }

    /// <summary>Output tokens of the measured requests for each second that they ran.</summary>
    public required double OutputTokensPerS { get; init; }

    /// <summary>What ran beside them; null without a load.</summary>
    public required CrowdReport? Crowd { get; init; }

    /// <summary>What determinism costs; null when it was not measured.</summary>
    public required LaneCost? Lane { get; init; }
}
