namespace Penstock.Benchmarks.Load.Front;

/// <summary>Medians over rounds, with the least and the most.</summary>
internal static class Table
{
    /// <summary>A table's first two lines.</summary>
    public static void Head(params string[] columns)
    {
        Console.WriteLine($"| {string.Join(" | ", columns)} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", columns.Length - 1))}");
    }

    public static void Row(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    /// <summary>The median of the rounds, and in brackets the least and the most.</summary>
    public static string Text(IEnumerable<double> rounds, string format)
    {
        var sorted = rounds.Order().ToArray();
        var median = sorted[sorted.Length / 2].ToString(format);
        return sorted.Length == 1 ? median : $"{median} ({sorted[0].ToString(format)} to {sorted[^1].ToString(format)})";
    }

    /// <summary>A percentile of unsorted values.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
    }
}
