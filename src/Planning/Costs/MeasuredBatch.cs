namespace Penstock.Planning.Costs;

/// <summary>
/// A full batch that was measured: as many equal requests as fit the KV memory, all prompts computed in one step, then one step a token.
/// </summary>
/// <param name="PromptTokens">Of each request.</param>
/// <param name="OutputTokens">Decode steps.</param>
/// <param name="Requests">Requests in the batch: KV tokens / (prompt + output tokens), rounded down.</param>
/// <param name="PrefillSeconds">Of the whole batch.</param>
/// <param name="DecodeSeconds">Of all decode steps together.</param>
public readonly record struct MeasuredBatch(int PromptTokens, int OutputTokens, int Requests, double PrefillSeconds, double DecodeSeconds)
{
    /// <summary>Seconds of a decode step in the middle.</summary>
    public double DecodeStepSeconds => DecodeSeconds / OutputTokens;

    /// <summary>Tokens that the rows of a decode step attend to, averaged over the steps.</summary>
    public double Context => Requests * (PromptTokens + (0.5 * (OutputTokens - 1)));
}
