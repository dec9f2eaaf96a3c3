using Penstock.Cli.Serve;

namespace Penstock.Cli.Tests.Serve;

public class LoadBarTests
{
    [Fact]
    public void Report_OnATerminal_WritesOneLineOver()
    {
        var time = new SteppedClock();
        using var notes = new StringWriter { NewLine = "\n" };
        var bar = new LoadBar(notes, overwrite: true, "m.gguf", 1 << 30, time).Begin();
        foreach (var fraction in new[] { 0.25, 0.5, 1 })
        {
            time.Advance(TimeSpan.FromSeconds(0.3));
            bar.Report(fraction);
        }

        var lines = notes.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal("Loading m.gguf [######..................] 256.0 MiB of 1.0 GiB, 0.3 s ", lines[0]);
        Assert.Equal("Loading m.gguf [########################] 1.0 GiB of 1.0 GiB, 0.9 s \n", lines[2]);
    }

    [Fact]
    public void Report_WithinAMoment_IsNotDrawnAgain()
    {
        var time = new SteppedClock();
        using var notes = new StringWriter();
        var bar = new LoadBar(notes, overwrite: true, "m.gguf", 1 << 30, time).Begin();
        for (var i = 0; i < 50; i++)
            bar.Report(i / 50.0);

        Assert.Single(notes.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Report_IntoAPipe_WritesTheBeginningAndTheEnd()
    {
        var time = new SteppedClock();
        using var notes = new StringWriter { NewLine = "\n" };
        var bar = new LoadBar(notes, overwrite: false, "m.gguf", 1 << 30, time).Begin();
        bar.Report(0.5);
        time.Advance(TimeSpan.FromSeconds(2));
        bar.Report(1);
        bar.Report(1);

        Assert.Equal("Loading m.gguf (1.0 GiB) ...\nLoaded m.gguf in 2.0 s\n", notes.ToString());
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Advance(TimeSpan by) => now += by.Ticks;
    }
}
