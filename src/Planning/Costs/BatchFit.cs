using Penstock.Engine.KvCache;
using Penstock.Engine.Scheduling.Cost;

namespace Penstock.Planning.Costs;

/// <summary>
/// Step costs from measured batches. A prefill is a step of prompt tokens, a decode step one of rows and context; both read the
/// weights, so they share the cost of a step. Least squares of relative errors, no coefficient below zero.
/// </summary>
internal static class BatchFit
{
    private const int Terms = 4;
    private const int Rounds = 20_000;

    public static CostProfile Of(IReadOnlyList<MeasuredBatch> batches)
    {
        var samples = batches.SelectMany<MeasuredBatch, (double[] Work, double Seconds)>(batch =>
        [
            ([1, 0, (double)batch.PromptTokens * batch.Requests, 0], batch.PrefillSeconds),
            ([1, batch.Requests, 0, batch.Context], batch.DecodeStepSeconds),
        ]).ToArray();
        var solution = Solve(samples);
        var errors = samples.Select(sample => Math.Abs((Dot(sample.Work, solution) / sample.Seconds) - 1)).ToArray();

        // A token moved is one read and one written, as one attended to is read.
        var coefficients = new StepCoefficients(solution[0], solution[1], solution[2], solution[3], 0, 2 * solution[3]);
        return new CostProfile(coefficients, Capacity(batches), new CostFit(errors.Length, errors.Average(), errors.Max()));
    }

    // b requests of n tokens fit and b + 1 do not: each batch bounds the capacity from both sides. Whole blocks where they lie within.
    private static int Capacity(IReadOnlyList<MeasuredBatch> batches)
    {
        var least = batches.Max(batch => batch.Requests * (batch.PromptTokens + batch.OutputTokens));
        var most = batches.Min(batch => ((batch.Requests + 1) * (batch.PromptTokens + batch.OutputTokens)) - 1);
        var whole = most / KvBlockPool.BlockTokens * KvBlockPool.BlockTokens;
        return Math.Max(least, whole);
    }

    // Coordinate descent over non-negative values on the normal equations; few terms, so many rounds cost nothing.
    private static double[] Solve((double[] Work, double Seconds)[] samples)
    {
        var sums = new double[Terms, Terms];
        var targets = new double[Terms];
        foreach (var (work, seconds) in samples)
        {
            for (var i = 0; i < Terms; i++)
            {
                targets[i] += work[i] / seconds;
                for (var j = 0; j < Terms; j++)
                    sums[i, j] += work[i] / seconds * (work[j] / seconds);
            }
        }

        var solution = new double[Terms];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Terms; i++)
            {
                var rest = targets[i];
                for (var j = 0; j < Terms; j++)
                    rest -= j == i ? 0 : sums[i, j] * solution[j];
                solution[i] = sums[i, i] > 0 ? Math.Max(0, rest / sums[i, i]) : 0;
            }
        }

        return solution;
    }

    private static double Dot(double[] work, double[] solution) => work.Zip(solution, (x, y) => x * y).Sum();
}
