namespace Penstock.Contracts.Generation;

/// <summary>
/// How much a model wanted something else than its constraint allowed: the probability mass that masks removed, before temperature, over the tokens
/// that were sampled under one. 0 = the constraint changed nothing; near 1 = the model was made to say what it would not have said.
/// </summary>
/// <param name="Tokens">Tokens sampled under a mask.</param>
/// <param name="Mean">The mean over them, 0 to 1.</param>
/// <param name="Max">The largest.</param>
public readonly record struct ConstraintResistance(int Tokens, double Mean, double Max);
