namespace Penstock.Contracts.Generation;

/// <summary>Log-probability of a sampled token, before temperature and filters, and of the likeliest alternatives.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Bytes">The token's bytes; may be part of a character.</param>
/// <param name="LogProb">Natural logarithm of its probability.</param>
/// <param name="Top">The most probable tokens, best first; empty when none were asked for.</param>
public sealed record TokenLogProb(int Token, ReadOnlyMemory<byte> Bytes, float LogProb, IReadOnlyList<TokenLogProb> Top)
{
    /// <summary>
    /// Characters (code points) of the choice's visible text that were complete before the token. Tokens that share a character, or
    /// that leave no text, share their offset. 0 for alternatives.
    /// </summary>
    public int TextOffset { get; init; }
}
