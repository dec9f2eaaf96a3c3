using Spectre.Console;

namespace Penstock.Cli.Bench.Load;

/// <summary>Bars over doubling intervals: what percentiles hide, such as two humps.</summary>
internal static class Histogram
{
    private const int BarWidth = 50;
    private const int MostBars = 24;

    // Below an eighth of a millisecond nobody sees a difference; tokens that came together are exactly 0 apart.
    private const int LeastExponent = -3;

    public static void Write(IAnsiConsole console, string title, IReadOnlyList<double> sortedMs)
    {
        if (sortedMs.Count < 2 || sortedMs[^1] <= 0)
            return;

        var bars = Count(sortedMs);
        var most = bars.Max(bar => bar.Count);
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{title}[/], ms");
        foreach (var (below, count) in bars)
        {
            var length = (int)Math.Ceiling((double)count * BarWidth / most);
            console.MarkupLineInterpolated($"{$"< {below:G6}",10} [blue]{new string('█', length)}[/] {count}");
        }
    }

    /// <summary>How many values lie below each power of two, and not below the one before; from the least value to the greatest.</summary>
    public static IReadOnlyList<(double Below, int Count)> Count(IReadOnlyList<double> sorted)
    {
        var top = Math.Max(LeastExponent, Exponent(sorted[^1]));
        var bottom = Math.Max(Math.Max(LeastExponent, Exponent(sorted[0])), top - MostBars + 1);
        var bars = new (double Below, int Count)[top - bottom + 1];
        for (var i = 0; i < bars.Length; i++)
            bars[i].Below = Math.Pow(2, bottom + i);
        foreach (var value in sorted)
            bars[Math.Max(0, Exponent(value) - bottom)].Count++;
        return bars;
    }

    /// <summary>The least power of two that the value is below.</summary>
    private static int Exponent(double value) => value <= 0 ? int.MinValue / 2 : Math.ILogB(value) + 1;
}
