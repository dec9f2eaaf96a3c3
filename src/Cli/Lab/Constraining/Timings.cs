namespace Penstock.Cli.Lab.Constraining;

/// <summary>Durations of one kind, kept in microseconds.</summary>
internal sealed class Timings
{
    private readonly List<float> microseconds = [];

    public int Count => microseconds.Count;

    public void Add(TimeSpan duration) => microseconds.Add((float)duration.TotalMicroseconds);

    public void Clear() => microseconds.Clear();

    /// <summary>Mean and percentiles, each times <paramref name="scale"/>; null where nothing was timed.</summary>
    public TimingSummary? Summary(double scale = 1)
    {
        if (microseconds.Count == 0)
            return null;

        var sorted = microseconds.ToArray();
        Array.Sort(sorted);
        return new TimingSummary(sorted.Average(value => (double)value) * scale, At(0.5), At(0.9), At(0.99), sorted[^1] * scale);

        double At(double share) => sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)] * scale;
    }
}
