namespace Penstock.Engine.Simulation;

/// <summary>What a step costs: intercept + decode rows + prefill tokens + context read, each linear.</summary>
/// <param name="Intercept">For any step: the weights are read once.</param>
/// <param name="DecodeRow">For each row of a slice of one token.</param>
/// <param name="PrefillToken">For each row of longer slices.</param>
/// <param name="ContextToken">For each stored token that a slice attends to.</param>
public readonly record struct StepCost(TimeSpan Intercept, TimeSpan DecodeRow, TimeSpan PrefillToken, TimeSpan ContextToken)
{
    /// <summary>The size of a 250M-parameter model on two cores: tens of milliseconds a step.</summary>
    public static StepCost SmallMachine { get; } = new(
        TimeSpan.FromMilliseconds(9), TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(3.2), TimeSpan.FromMicroseconds(1));

    internal TimeSpan Of(Running.StepBatch batch)
    {
        var cost = Intercept;
        foreach (var slice in batch.Slices)
            cost += ((slice.Count == 1 ? DecodeRow : PrefillToken) * slice.Count) + (ContextToken * slice.Position);
        return cost;
    }
}
