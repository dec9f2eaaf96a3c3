namespace Penstock.Tools.Oracle.Bench;

/// <summary>Both engines' steps alone and beside a busy process, in turns. llama.cpp is measured with each way of waiting, and its best counts.</summary>
internal sealed class NeighbourComparison(PenstockContender? penstock, LlamaModels? models, int threads, CompareOptions options, KnownSettings known)
{
    private static readonly int[] Pollings = [0, 50, 100];

    /// <summary>Once through the workload's steps is too few for a 95th percentile.</summary>
    private const int TakesARound = 2;

    public IEnumerable<BesideNeighbour> Run(Workload workload)
    {
        var contenders = new List<(string Engine, Measurement Measurement, IDisposable Owner)>();
        try
        {
            if (penstock is not null && new Measurement(penstock, workload) is var ours)
                contenders.Add(("penstock", ours, ours));
            if (new Comparison(null, models, threads, options, known).Settings(workload).Wall is { } best)
            {
                foreach (var setting in Pollings.Select(polling => best with { Polling = polling }))
                {
                    var prepared = new PreparedLlama(models!, setting, workload, threads);
                    contenders.Add(($"llama.cpp: {setting}", prepared.Measurement, prepared));
                }
            }

            var (quiet, beside) = (Times(contenders.Count), Times(contenders.Count));
            for (var round = 0; round < options.Rounds; round++)
            {
                Take(contenders, quiet);
                using var neighbour = new BusyNeighbour();
                Take(contenders, beside);
            }

            var results = contenders.Select((contender, i) => Result(workload, contender.Engine, quiet[i], beside[i])).ToList();
            return [.. results.Take(penstock is null ? 0 : 1), .. results.Skip(penstock is null ? 0 : 1).OrderBy(result => result.BesideP95Ms).Take(1)];
        }
        finally
        {
            contenders.ForEach(contender => contender.Owner.Dispose());
        }
    }

    private static List<double>[] Times(int count) => [.. Enumerable.Range(0, count).Select(_ => new List<double>())];

    private static void Take(List<(string Engine, Measurement Measurement, IDisposable Owner)> contenders, List<double>[] times)
    {
        for (var i = 0; i < contenders.Count; i++)
        {
            // A change of engine leaves other data in the caches and threads that still spin.
            contenders[i].Measurement.Take();
            for (var take = 0; take < TakesARound; take++)
                times[i].AddRange(contenders[i].Measurement.TakeSteps().Select(time => time.TotalMilliseconds));
        }
    }

    private BesideNeighbour Result(Workload workload, string engine, List<double> quiet, List<double> beside)
    {
        var (median, p95) = (Median.Of(quiet), Median.Quantile(beside, 0.95));
        return new BesideNeighbour(threads, workload.Name, engine, median, p95, p95 / median);
    }
}
