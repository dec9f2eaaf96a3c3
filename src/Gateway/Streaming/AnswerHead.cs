namespace Penstock.Gateway.Streaming;

/// <summary>What every chunk and every answer repeats.</summary>
/// <param name="Id">The answer's id: <c>chatcmpl-...</c>, <c>cmpl-...</c>.</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Model">The model's public name.</param>
/// <param name="Fingerprint">The model's fingerprint, or null.</param>
/// <param name="Choices">How many choices there will be.</param>
/// <param name="IncludeUsage">Whether a stream ends with a usage chunk.</param>
/// <param name="LogProbs">Whether log-probabilities were asked for.</param>
/// <param name="ServiceTier">The tier that it was served in; null when none was asked for.</param>
/// <param name="Receipt">Whether it ends with its receipt.</param>
/// <param name="PromptTokens">Tokens of the prompt, for forms that say so at the start.</param>
internal sealed record AnswerHead(
    string Id, long Created, string Model, string? Fingerprint, int Choices, bool IncludeUsage, bool LogProbs = false, string? ServiceTier = null, bool Receipt = false, int PromptTokens = 0);
