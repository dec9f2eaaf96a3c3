namespace Penstock.Ledger.Decisions;

/// <summary>What became of a claim.</summary>
/// <param name="State">What the key is.</param>
/// <param name="Claim">The claim's number, larger than that of every earlier claim: the answer's segments are found by it. 0 where another body has the key.</param>
/// <param name="Decision">The answer's head, when it is <see cref="ClaimState.Decided"/>.</param>
public readonly record struct DecisionClaim(ClaimState State, long Claim = 0, Decision? Decision = null);
