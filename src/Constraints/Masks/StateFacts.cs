namespace Penstock.Constraints.Masks;

/// <summary>What has been found out about a state in front of a vocabulary; each part when it is first asked for.</summary>
internal sealed class StateFacts(ConstraintState state)
{
    public ConstraintState State { get; } = state;

    /// <summary>The tokens that may follow.</summary>
    public TokenMask? Mask { get; set; }

    /// <summary>Tokens of the shortest known ending; -1 before they were counted, <see cref="int.MaxValue"/> where the vocabulary cannot spell it.</summary>
    public int EndingTokens { get; set; } = -1;

    /// <summary>The bytes that must follow, as far as there is one choice only.</summary>
    public byte[]? Forced { get; set; }
}
