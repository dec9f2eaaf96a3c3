using Penstock.Models.Answers;

namespace Penstock.Engine.Serving.Answers;

/// <summary>How the answers to one chat are taken apart.</summary>
/// <param name="RequestId">What ids of calls are made of.</param>
/// <param name="Choices">Answers.</param>
/// <param name="ShownTokens">Control tokens that are markers.</param>
/// <param name="Parser">Makes a parser for a choice.</param>
internal sealed record AnswerReading(string RequestId, int Choices, IReadOnlySet<int> ShownTokens, Func<AnswerParser> Parser);
