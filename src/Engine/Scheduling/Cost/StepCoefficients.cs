namespace Penstock.Engine.Scheduling.Cost;

/// <summary>Seconds for each part of a <see cref="StepWork"/>; none is negative, so a prediction never falls when work is added.</summary>
/// <param name="Step">For any step.</param>
/// <param name="DecodeRow">For a decode row.</param>
/// <param name="PromptToken">For a prompt token.</param>
/// <param name="ContextToken">For a token that a decode row attends to.</param>
/// <param name="PromptContext">For a token that a prompt token attends to.</param>
/// <param name="MovedToken">For a token whose KV is saved or restored.</param>
public readonly record struct StepCoefficients(double Step, double DecodeRow, double PromptToken, double ContextToken, double PromptContext, double MovedToken)
{
    /// <summary>
    /// What is believed before anything was measured: several times slower than 250M parameters on two cores, so that the first chunks are small.
    /// </summary>
    public static StepCoefficients Prior { get; } = new(20e-3, 8e-3, 6e-3, 4e-6, 1e-6, 50e-6);

    internal static StepCoefficients From(ReadOnlySpan<double> values) => new(values[0], values[1], values[2], values[3], values[4], values[5]);

    /// <summary>Seconds of a step.</summary>
    public double Of(in StepWork work) => Step + (DecodeRow * work.DecodeRows) + (PromptToken * work.PromptTokens)
        + (ContextToken * work.ContextTokens) + (PromptContext * work.PromptContext) + (MovedToken * work.MovedTokens);

    internal void CopyTo(Span<double> values) =>
        (values[0], values[1], values[2], values[3], values[4], values[5]) = (Step, DecodeRow, PromptToken, ContextToken, PromptContext, MovedToken);
}
