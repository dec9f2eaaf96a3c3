namespace Penstock.Cli.Bench.Load;

/// <summary>Makes the times at which requests arrive, all before the first is sent: nothing that the server does can move them.</summary>
internal static class Arrivals
{
    /// <summary>A Poisson process: independent, exponentially distributed times between arrivals, as many users who do not know of each other make them.</summary>
    public static IReadOnlyList<Arrival> Poisson(int count, double perSecond, int promptTokens, int outputTokens, int seed)
    {
        var random = new Random(seed);
        var at = 0.0;
        return Make(count, promptTokens, outputTokens, i => i == 0 ? 0 : at += -Math.Log(1 - random.NextDouble()) / perSecond);
    }

    /// <summary>The same time between all arrivals.</summary>
    public static IReadOnlyList<Arrival> Fixed(int count, double perSecond, int promptTokens, int outputTokens) =>
        Make(count, promptTokens, outputTokens, i => i / perSecond);

    /// <summary>All at once: a closed loop sends the next whenever a worker is free.</summary>
    public static IReadOnlyList<Arrival> AtOnce(int count, int promptTokens, int outputTokens) => Make(count, promptTokens, outputTokens, _ => 0);

    private static Arrival[] Make(int count, int promptTokens, int outputTokens, Func<int, double> seconds)
    {
        var arrivals = new Arrival[count];
        for (var i = 0; i < count; i++)
        {
            arrivals[i] = new Arrival(TimeSpan.FromSeconds(seconds(i)), promptTokens, outputTokens);
        }

        return arrivals;
    }
}
