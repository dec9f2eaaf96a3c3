using System.Diagnostics;
using Penstock.Cli.Output;

namespace Penstock.Cli.Serve;

/// <summary>How far a model is loaded: on a terminal one line that is written over, elsewhere a line when it begins and one when it ends.</summary>
internal sealed class LoadBar(TextWriter notes, bool overwrite, string path, long bytes, TimeProvider time) : IProgress<double>
{
    private const int Cells = 24;
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);

    private readonly long started = time.GetTimestamp();
    private TimeSpan drawn = -Redraw;
    private bool ended;

    public LoadBar Begin()
    {
        if (!overwrite)
            notes.WriteLine($"Loading {path} ({Amount.Bytes(bytes)}) ...");
        return this;
    }

    public void Report(double value)
    {
        var elapsed = time.GetElapsedTime(started);
        if (ended || (value < 1 && (!overwrite || elapsed - drawn < Redraw)))
            return;

        drawn = elapsed;
        ended = value >= 1;
        if (overwrite)
            notes.Write('\r' + Line(value, elapsed));
        if (ended)
            notes.WriteLine(overwrite ? "" : $"Loaded {path} in {elapsed.TotalSeconds:F1} s");
    }

    private string Line(double value, TimeSpan elapsed)
    {
        Debug.Assert(value is >= 0 and <= 1, "a fraction");
        var full = (int)(value * Cells);
        return $"Loading {path} [{new string('#', full)}{new string('.', Cells - full)}] {Amount.Bytes((long)(value * bytes))} of {Amount.Bytes(bytes)}, {elapsed.TotalSeconds:F1} s ";
    }
}
