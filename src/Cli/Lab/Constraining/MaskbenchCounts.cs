namespace Penstock.Cli.Lab.Constraining;

/// <summary>Files by what became of them.</summary>
internal sealed class MaskbenchCounts
{
    private readonly int[] files = new int[Enum.GetValues<Verdict>().Length];

    public void Add(Verdict verdict) => files[(int)verdict]++;

    public MaskbenchReport Report(TrialTimes times, string slowest) => new()
    {
        Files = files.Sum(),
        Pass = files[(int)Verdict.Pass],
        CompileErrors = files[(int)Verdict.CompileError],
        ValidationErrors = files[(int)Verdict.ValidationError],
        InvalidationErrors = files[(int)Verdict.InvalidationError],
        Timeouts = files[(int)Verdict.TimeOut],
        Crashes = files[(int)Verdict.Crash],
        Masks = times.Mask.Whole.Count,
        MaskUs = times.Mask.Whole.Summary(),
        MaskWithoutPausesUs = times.Mask.WithoutPauses.Summary(),
        AcceptUs = times.Accept.Summary(),
        CompileMs = times.Compile.Whole.Summary(1e-3),
        CompileWithoutPausesMs = times.Compile.WithoutPauses.Summary(1e-3),
        FileMs = times.Whole.Summary(1e-3),
        SlowestFile = slowest,
    };
}
