namespace Penstock.Cli.Chat;

/// <summary>Tokens of an answer.</summary>
/// <param name="Sampled">Tokens that the model made.</param>
/// <param name="Delivered">Those of them that were shown.</param>
internal readonly record struct AnswerCost(int Sampled, int Delivered);
