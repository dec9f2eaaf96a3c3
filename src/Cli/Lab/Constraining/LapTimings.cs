namespace Penstock.Cli.Lab.Constraining;

/// <summary>Durations of one kind, as the clock has them and without the collector's pauses.</summary>
internal sealed class LapTimings
{
    public Timings Whole { get; } = new();

    public Timings WithoutPauses { get; } = new();

    /// <summary>Ends a lap.</summary>
    public void Add(Lap lap)
    {
        var elapsed = lap.Elapsed;
        Whole.Add(elapsed);
        WithoutPauses.Add(TimeSpan.FromTicks(Math.Max(0, (elapsed - lap.Paused).Ticks)));
    }

    public void Clear()
    {
        Whole.Clear();
        WithoutPauses.Clear();
    }
}
