namespace Penstock.Ledger;

/// <summary>What an agent run has used, by its records.</summary>
/// <param name="Begun">When its first call was received.</param>
/// <param name="Calls">Calls that a target took, those that still run included.</param>
/// <param name="Tokens">Tokens of those that have ended: prompts as far as they were read, and all that was sampled. Of an interrupted one only its prompt is known.</param>
public sealed record RunTotals(DateTimeOffset Begun, int Calls, long Tokens);
