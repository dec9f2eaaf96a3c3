using System.Diagnostics;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>One thing being timed, and how long the garbage collector stopped the process meanwhile.</summary>
internal readonly struct Lap
{
    private readonly long began;
    private readonly TimeSpan paused;

    private Lap(long began, TimeSpan paused)
    {
        this.began = began;
        this.paused = paused;
    }

    /// <summary>From here to now.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    /// <summary>Of that, in the collector's pauses.</summary>
    public TimeSpan Paused => GC.GetTotalPauseDuration() - paused;

    public static Lap Start() => new(Stopwatch.GetTimestamp(), GC.GetTotalPauseDuration());
}
