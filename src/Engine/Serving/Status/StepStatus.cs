namespace Penstock.Engine.Serving.Status;

/// <summary>The last step that was computed.</summary>
/// <param name="DecodeRows">Rows of streams.</param>
/// <param name="PromptTokens">Rows of prompts.</param>
/// <param name="Duration">What it took.</param>
/// <param name="Predicted">What the cost model had expected.</param>
/// <param name="PromptBudget">Prompt tokens that the cost model expects to fit the gap target beside those streams; null without a target.</param>
public readonly record struct StepStatus(int DecodeRows, int PromptTokens, TimeSpan Duration, TimeSpan Predicted, int? PromptBudget);
