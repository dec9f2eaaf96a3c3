namespace Penstock.Engine.Scheduling;

/// <summary>What became of a choice in a step.</summary>
/// <param name="Group">The group.</param>
/// <param name="Choice">The choice.</param>
/// <param name="Token">The token sampled, to be computed next.</param>
/// <param name="Follows">Whether it follows another decision of this step for the same choice: a token that was not sampled but had to come.</param>
/// <param name="Ends">Whether the choice is done: its KV is let go and <paramref name="Token"/> is not computed.</param>
public readonly record struct ChoiceDecision(SequenceGroup Group, int Choice, int Token, bool Ends, bool Follows = false);
