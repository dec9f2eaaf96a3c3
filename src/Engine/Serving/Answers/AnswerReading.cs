using Penstock.Engine.Constraining;
using Penstock.Models.Answers;

namespace Penstock.Engine.Serving.Answers;

/// <summary>How the answers to one chat are taken apart.</summary>
/// <param name="RequestId">What ids of calls are made of.</param>
/// <param name="Choices">Answers.</param>
/// <param name="ShownTokens">Control tokens that are markers.</param>
/// <param name="Syntax">The markers.</param>
/// <param name="Thinking">How the prompt leaves the thinking.</param>
/// <param name="Parser">Makes a parser for a choice.</param>
internal sealed record AnswerReading(string RequestId, int Choices, IReadOnlySet<int> ShownTokens, AnswerSyntax Syntax, ThinkingStage Thinking, Func<AnswerParser> Parser);
