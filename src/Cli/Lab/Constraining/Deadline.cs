using System.Diagnostics;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>When the trials of one schema are given up.</summary>
internal sealed class Deadline(TimeSpan time)
{
    private readonly long began = Stopwatch.GetTimestamp();

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    public bool IsOver => Elapsed > time;
}
