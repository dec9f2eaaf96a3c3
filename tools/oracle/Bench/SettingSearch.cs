using System.Diagnostics;
using Penstock.Engine.Llama.Contexts;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>
/// Looks for llama.cpp's fastest setting for a workload: first the settings that were best for it with other models, then one thing after the other, each
/// kept where it gains more than the noise, first those that were found to matter most, until the time is up. Once by processor time and once by the
/// clock, which is the same with one thread; each setting is measured once for both.
/// </summary>
internal sealed class SettingSearch(LlamaModels models, Workload workload, int threads, CompareOptions options, IReadOnlyCollection<LlamaSetting> known)
{
    private const double Gain = 1.02;
    private const int Takes = 2;

    /// <summary>Enough to choose by; the rounds afterwards measure what was chosen.</summary>
    private const int MostSteps = 8;

    private const int TrialFrom = 16;

    private readonly Workload trial = workload with { Steps = Math.Min(workload.Steps, MostSteps), From = TrialFrom };
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Dictionary<LlamaSetting, (double Processor, double Wall)> measured = [];

    /// <summary>What is tried when nothing is searched.</summary>
    public LlamaSetting Default { get; } = new() { Variant = options.Variants[0] };

    private bool TimeIsUp => Stopwatch.GetElapsedTime(started) >= options.SearchTime;

    /// <summary>The fastest by processor time and by the clock, as far as the time allowed to look.</summary>
    public (LlamaSetting Processor, LlamaSetting Wall) Find()
    {
        var byProcessor = Best(setting => Measure(setting).Processor);
        return (byProcessor, threads == 1 ? byProcessor : Best(setting => Measure(setting).Wall));
    }

    private LlamaSetting Best(Func<LlamaSetting, double> speed)
    {
        var best = Default;
        foreach (var setting in known)
            Try(setting);
        foreach (var alternatives in Dimensions())
        {
            foreach (var alternative in alternatives.Select(change => change(best)).ToList())
                Try(alternative);
        }

        return best;

        // What is known already costs no time.
        void Try(LlamaSetting setting)
        {
            if ((!TimeIsUp || measured.ContainsKey(setting)) && speed(setting) > speed(best) * Gain)
                best = setting;
        }
    }

    private IEnumerable<IEnumerable<Func<LlamaSetting, LlamaSetting>>> Dimensions()
    {
        if (workload is { Chunk: > 0, Decodes: > 0 })
            yield return [setting => setting with { ChunkApart = true }];
        if (workload.Decodes > 1)
            yield return Smaller(workload.Decodes).Select(count => (Func<LlamaSetting, LlamaSetting>)(setting => setting with { DecodesACall = count, ChunkApart = workload.Chunk > 0 }));
        yield return options.Variants.Skip(1).Select(variant => (Func<LlamaSetting, LlamaSetting>)(setting => setting with { Variant = variant }));
        yield return [setting => setting with { Repack = false }];
        if (workload.Sequences > 1)
            yield return [setting => setting with { Unified = true }];
        yield return [setting => setting with { Attention = FlashAttention.Off }, setting => setting with { Attention = FlashAttention.On }];
        yield return [setting => setting with { CellType = KvCellType.F32, Attention = FlashAttention.Auto }, setting => setting with { CellType = KvCellType.Q8_0, Attention = FlashAttention.On }];
        if (workload.Chunk > 64)
            yield return [setting => setting with { RowsAtOnce = 256 }, setting => setting with { RowsAtOnce = 128 }, setting => setting with { RowsAtOnce = 64 }];
        if (threads > 1)
            yield return [setting => setting with { Polling = 0 }, setting => setting with { Polling = 100 }];
    }

    private static IEnumerable<int> Smaller(int decodes)
    {
        for (var count = 1; count < decodes; count *= 2)
            yield return count;
    }

    // The fastest of some takes: what else the machine does only ever costs. A setting that the library does not offer has no speed.
    private (double Processor, double Wall) Measure(LlamaSetting setting)
    {
        if (measured.TryGetValue(setting, out var known))
            return known;
        try
        {
            using var contender = new LlamaContender(models, setting, trial, threads);
            using var measurement = new Measurement(contender, trial);
            Sample[] samples = [.. Enumerable.Range(0, Takes).Select(_ => measurement.Take())];
            return measured[setting] = (samples.Max(sample => sample.TokensPerCpuSecond), samples.Max(sample => sample.TokensPerSecond));
        }
        catch (InvalidOperationException)
        {
            return measured[setting] = default;
        }
    }
}
