using Penstock.Engine.Running;
using Penstock.Engine.Sampling;

namespace Penstock.Engine.Simulation;

/// <summary>What a step costs: intercept + decode rows + prefill tokens + context read, each linear, + attention of prompts, quadratic; times noise.</summary>
/// <param name="Intercept">For any step: the weights are read once.</param>
/// <param name="DecodeRow">For each row of a slice of one token.</param>
/// <param name="PrefillToken">For each row of longer slices.</param>
/// <param name="ContextToken">For each stored token that a slice attends to.</param>
public readonly record struct StepCost(TimeSpan Intercept, TimeSpan DecodeRow, TimeSpan PrefillToken, TimeSpan ContextToken)
{
    /// <summary>The size of a 250M-parameter model on two cores: tens of milliseconds a step.</summary>
    public static StepCost SmallMachine { get; } = new(
        TimeSpan.FromMilliseconds(9), TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(3.2), TimeSpan.FromMicroseconds(1));

    /// <summary>Seconds for each token that a row of a longer slice attends to: what makes a chunk deep in a prompt slow. Default 0.</summary>
    public double AttendedTokenSeconds { get; init; }

    /// <summary>Relative spread of a step's duration: the standard deviation of its logarithm, the same in every run. Default 0.</summary>
    public double Noise { get; init; }

    /// <summary>Of how many steps one takes twice as long, as if another process had had a core; 0 = none. Default 0.</summary>
    public int HiccupEvery { get; init; }

    internal TimeSpan Of(StepBatch batch, int step)
    {
        var (cost, attended) = (Intercept, 0.0);
        foreach (var slice in batch.Slices)
        {
            cost += ((slice.Count == 1 ? DecodeRow : PrefillToken) * slice.Count) + (ContextToken * slice.Position);
            attended += slice.Count == 1 ? 0 : slice.Count * (slice.Position + (0.5 * slice.Count));
        }

        return (cost + TimeSpan.FromSeconds(attended * AttendedTokenSeconds)) * Luck(step);
    }

    // The sum of twelve uniform numbers is nearly normal.
    private double Luck(int step)
    {
        if (Noise == 0 && HiccupEvery == 0)
            return 1;

        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += CounterRandom.Uniform(seed: 1, choice: i, step);
        var hiccup = HiccupEvery > 0 && CounterRandom.Uniform(seed: 2, choice: 0, step) * HiccupEvery < 1;
        return Math.Exp(Noise * sum) * (hiccup ? 2 : 1);
    }
}
