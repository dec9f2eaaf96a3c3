namespace Penstock.Cli.Bench.Load;

/// <summary>A request that is to be sent.</summary>
/// <param name="At">When, from the start of the load.</param>
/// <param name="PromptTokens">About how long its prompt is.</param>
/// <param name="OutputTokens">Most tokens to generate.</param>
internal readonly record struct Arrival(TimeSpan At, int PromptTokens, int OutputTokens);
