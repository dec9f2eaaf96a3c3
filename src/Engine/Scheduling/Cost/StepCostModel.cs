namespace Penstock.Engine.Scheduling.Cost;

/// <summary>
/// Learns online what a step takes on this machine: linear in <see cref="StepWork"/>, coefficients never negative. Starts from a
/// careful prior, withstands outliers, and follows when the machine becomes slower or faster. One thread; allocates only when made.
/// </summary>
/// <remarks>
/// <para>Least squares of relative errors on running sums (normal equations), solved by coordinate descent over non-negative values from
/// the last solution. Old samples fade, by <see cref="Keep"/> a sample, but only in the direction of the sample that comes (directional
/// forgetting, Cao and Schwartz 2000): a thousand decode steps do not forget what a prompt token costs, nor does a deep prompt, whose steps are all
/// alike, let noise move the costs against each other. Everything a sample touches fades by <see cref="KeepAll"/> besides, and what fades is
/// replaced by belief in the present solution.</para>
/// <para>A residual beyond <see cref="OutlierScales"/> times the usual counts only as much as that (Huber 1964). Several in a row on the same
/// side are no outliers but another machine: then all coefficients are scaled by the median of their ratios at once.</para>
/// </remarks>
public sealed class StepCostModel
{
    private const int Terms = 6;
    private const int Rounds = 100;
    private const double Converged = 1e-3;
    private const int SamplesOfChange = 6;
    private const int FirstSamples = 8;
    private const int SamplesOfSpeed = 3;
    private const double Keep = 0.98;
    private const double KeepAll = 0.999;
    private const double Inertia = 0.02;
    private const double OutlierScales = 4;
    private const double LeastOutlier = 0.25;
    private const double LeastScale = 0.01;
    private const double FirstScale = 0.3;

    private static readonly double SlowFade = Math.Sqrt(KeepAll);

    private readonly double[] sums = new double[Terms * Terms];
    private readonly double[] targets = new double[Terms];
    private readonly double[] solution = new double[Terms];
    private readonly double[] ratios = new double[SamplesOfChange];
    private int outliersInARow;

    /// <param name="prior">What is believed at first; null = <see cref="StepCoefficients.Prior"/>.</param>
    public StepCostModel(StepCoefficients? prior = null)
    {
        Coefficients = prior ?? StepCoefficients.Prior;
        Coefficients.CopyTo(solution);

        // As weak as one sample in a hundred for each coefficient.
        for (var i = 0; i < Terms; i++)
        {
            sums[(i * Terms) + i] = 0.01 / Math.Max(1e-24, solution[i] * solution[i]);
            targets[i] = sums[(i * Terms) + i] * solution[i];
        }
    }

    /// <summary>The present solution.</summary>
    public StepCoefficients Coefficients { get; private set; }

    /// <summary>Steps learned from.</summary>
    public long Samples { get; private set; }

    /// <summary>Usual relative error of a prediction.</summary>
    public double Error { get; private set; } = FirstScale;

    /// <summary>Seconds that a step with this work will take; above zero.</summary>
    public double Predict(in StepWork work) => Math.Max(1e-9, Coefficients.Of(work));

    /// <summary>Takes in how long a step took.</summary>
    /// <param name="work">What it did.</param>
    /// <param name="seconds">What it took; ignored unless above zero and finite.</param>
    public void Learn(in StepWork work, double seconds)
    {
        if (!(seconds > 0 && double.IsFinite(seconds)))
            return;

        // The prior's proportions are better than its speed: it takes that of the first steps, of which the very first may have compiled the code.
        if (Samples < SamplesOfSpeed)
            Scale(seconds / Predict(work));

        var predicted = Predict(work);
        var residual = (seconds / predicted) - 1;
        var limit = Math.Max(OutlierScales * Error, LeastOutlier);
        var outlier = Samples >= FirstSamples && Math.Abs(residual) > limit;
        Samples++;
        if (outlier && IsAnotherMachine(residual))
        {
            Scale(Median());
            (outliersInARow, Error) = (0, FirstScale);
            return;
        }

        if (!outlier)
            outliersInARow = 0;
        Error = Math.Max(LeastScale, Error + (0.05 * (Math.Min(Math.Abs(residual), limit) - Error)));
        Add(work, predicted, seconds, outlier ? limit / Math.Abs(residual) : 1);
        Solve();
    }

    private bool IsAnotherMachine(double residual)
    {
        if (outliersInARow > 0 && Math.Sign(residual) != Math.Sign(ratios[0] - 1))
            outliersInARow = 0;

        ratios[outliersInARow++] = residual + 1;
        return outliersInARow == SamplesOfChange;
    }

    private double Median()
    {
        Array.Sort(ratios);
        return 0.5 * (ratios[(SamplesOfChange / 2) - 1] + ratios[SamplesOfChange / 2]);
    }

    private void Scale(double factor)
    {
        for (var i = 0; i < Terms; i++)
        {
            solution[i] *= factor;
            targets[i] /= factor;
        }

        for (var i = 0; i < sums.Length; i++)
            sums[i] /= factor * factor;
        Coefficients = StepCoefficients.From(solution);
    }

    // In units of the prediction, so that short and long steps count alike.
    private void Add(in StepWork work, double predicted, double seconds, double weight)
    {
        Span<double> x = [1, work.DecodeRows, work.PromptTokens, work.ContextTokens, work.PromptContext, work.MovedTokens];
        foreach (ref var value in x)
            value /= predicted;

        Forget(x);
        for (var i = 0; i < Terms; i++)
        {
            for (var j = 0; j < Terms; j++)
                sums[(i * Terms) + j] += weight * x[i] * x[j];
            targets[i] += weight * x[i] * (seconds / predicted);
        }
    }

    // The gradient at the solution stays as it is: what fades turns into belief in the solution.
    private void Forget(ReadOnlySpan<double> x)
    {
        Span<double> known = stackalloc double[Terms];
        var certainty = 0.0;
        for (var i = 0; i < Terms; i++)
        {
            for (var j = 0; j < Terms; j++)
                known[i] += sums[(i * Terms) + j] * x[j];
            certainty += known[i] * x[i];
        }

        for (var i = 0; i < Terms; i++)
        {
            for (var j = 0; j < Terms; j++)
            {
                ref var sum = ref sums[(i * Terms) + j];
                var faded = (sum - (certainty > 0 ? (1 - Keep) * known[i] * known[j] / certainty : 0)) * Fade(x[i]) * Fade(x[j]);
                if (i == j)
                    faded += (1 - KeepAll) * Inertia * x[i] * x[i];
                targets[i] += (faded - sum) * solution[j];
                sum = faded;
            }
        }
    }

    private void Solve()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var moved = 0.0;
            for (var i = 0; i < Terms; i++)
            {
                var rest = targets[i];
                for (var j = 0; j < Terms; j++)
                    rest -= j == i ? 0 : sums[(i * Terms) + j] * solution[j];
                var value = Math.Max(0, rest / sums[(i * Terms) + i]);
                moved = Math.Max(moved, Math.Abs(value - solution[i]) * Math.Sqrt(sums[(i * Terms) + i]));
                solution[i] = value;
            }

            if (moved < Converged)
                break;
        }

        Coefficients = StepCoefficients.From(solution);
    }

    private static double Fade(double value) => value == 0 ? 1 : SlowFade;
}
