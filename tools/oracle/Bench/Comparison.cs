namespace Penstock.Tools.Oracle.Bench;

/// <summary>Both engines on one workload: llama.cpp's best setting is looked for, then they take turns.</summary>
internal sealed class Comparison(PenstockContender? penstock, LlamaModels? models, int threads, CompareOptions options, KnownSettings known)
{
    public ComparedWorkload Run(Workload workload)
    {
        var (byProcessor, byWall) = Settings(workload);
        using var ours = penstock is null ? null : new Measurement(penstock, workload);
        using var first = Llama(byProcessor, workload);
        using var second = byWall == byProcessor ? null : Llama(byWall, workload);
        List<Sample> our = [], processor = [], wall = [];
        for (var round = 0; round <= options.Rounds; round++)
        {
            // Taking turns at going first, so that neither always finds the machine as the other left it.
            var reversed = round % 2 == 1;
            if (!reversed)
                Take(ours, our, round);
            Take(first?.Measurement, processor, round);
            Take(second?.Measurement, wall, round);
            if (reversed)
                Take(ours, our, round);
        }

        return new ComparedWorkload(
            threads,
            workload.Name,
            Side(our, processor, sample => sample.TokensPerCpuSecond, byProcessor),
            Side(our, second is null ? processor : wall, sample => sample.TokensPerSecond, byWall));
    }

    /// <summary>llama.cpp's fastest settings by processor time and by the clock.</summary>
    public (LlamaSetting? Processor, LlamaSetting? Wall) Settings(Workload workload)
    {
        if (models is null)
            return default;
        var search = new SettingSearch(models, workload, threads, options, known.For(threads, workload));
        if (options.SearchTime == TimeSpan.Zero)
            return (search.Default, search.Default);
        var found = search.Find();
        known.Add(threads, workload, found.Processor, found.Wall);
        return found;
    }

    private PreparedLlama? Llama(LlamaSetting? setting, Workload workload) => setting is null ? null : new PreparedLlama(models!, setting, workload, threads);

    // The first round only warms up.
    private static void Take(Measurement? measurement, List<Sample> samples, int round)
    {
        if (measurement?.Take() is { } sample && round > 0)
            samples.Add(sample);
    }

    private static Side Side(List<Sample> ours, List<Sample> theirs, Func<Sample, double> speed, LlamaSetting? setting) => new(
        ours.Count > 0 ? Median.Of(ours.Select(speed)) : null,
        theirs.Count > 0 ? Median.Of(theirs.Select(speed)) : null,
        ours.Count > 0 && theirs.Count > 0 ? Median.Of(ours.Zip(theirs, (one, two) => speed(one) / speed(two))) : null,
        setting?.ToString());
}
