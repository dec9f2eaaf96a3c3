namespace Penstock.Cli.Lab.Constraining;

/// <summary>What trials took.</summary>
internal sealed class TrialTimes
{
    /// <summary>Schema to first state.</summary>
    public LapTimings Compile { get; } = new();

    /// <summary>One mask a token, those that were known included.</summary>
    public LapTimings Mask { get; } = new();

    /// <summary>Moving on by one token.</summary>
    public Timings Accept { get; } = new();

    /// <summary>Compile and everything that was asked of one schema.</summary>
    public Timings Whole { get; } = new();

    public void Clear()
    {
        Compile.Clear();
        Mask.Clear();
        Accept.Clear();
        Whole.Clear();
    }
}
