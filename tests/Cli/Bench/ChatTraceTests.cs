using System.Buffers;
using System.Text;
using Penstock.Cli.Bench.Load;
using Penstock.Cli.Bench.Neighbour;
using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Tests.Bench;

public class ChatTraceTests
{
    private static readonly TimeProvider Time = TimeProvider.System;

    [Fact]
    public void GapsMs_OneTokenAnEvent_AreTheTimesBetweenThem()
    {
        var trace = Trace((100, "ab"), (130, "cd"), (190, "ef"));

        Assert.Equal([30f, 60f], trace.GapsMs(Time));
        Assert.Equal(3, trace.OutputTokens);
    }

    [Fact]
    public void GapsMs_UsageSaysMoreTokens_AreSpreadByBytesAsArrivedTogether()
    {
        var trace = Trace((100, "ab"), (130, "abcd"), (190, "ab"));
        trace.Add(Chunk("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":7}}"""), Ticks(200));

        Assert.Equal(7, trace.OutputTokens);
        Assert.Equal(6, trace.GapsMs(Time).Length);
        Assert.Equal([30f, 60f], trace.GapsMs(Time).Where(gap => gap > 0));
    }

    /// <summary>A stall that lasts until the client leaves is a gap: the server owes its end.</summary>
    [Fact]
    public void TokenWaits_ClientLeavesAmidAStall_CountIt()
    {
        var trace = new ChatTrace();
        trace.Add(Chunk("""{"choices":[{"delta":{"content":"a"}}]}"""), Ticks(100));
        trace.Add(Chunk("""{"choices":[{"delta":{"content":"b"}}]}"""), Ticks(130));
        trace.Leave(Ticks(9_000));

        Assert.Equal([(Ticks(100), Ticks(130), 1), (Ticks(130), Ticks(9_000), 1)], trace.TokenWaits);
    }

    /// <summary>A token that ends amid a character has no text until the next one comes: both took the time.</summary>
    [Fact]
    public void GapMs_TwoTokensOfAnEvent_ShareItsTime()
    {
        var stream = new ChatTrace();
        stream.Add(Chunk("""{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[{"token":"a"}]}}]}"""), Ticks(100));
        stream.Add(Chunk("""{"choices":[{"delta":{"content":"é"},"logprobs":{"content":[{"token":"b"},{"token":"c"}]}}]}"""), Ticks(180));
        stream.Complete(Ticks(200));

        var report = NeighbourReport.Of([stream], Trace((190, "a")), Time);

        Assert.Equal((40, 40), (report.GapMsDuring.P50, report.GapMsDuring.Max));
        Assert.Equal(80, report.EventGapMsDuring.Max);
    }

    [Fact]
    public void GapsMs_LogProbsSayTwoTokens_CountTwo()
    {
        var trace = new ChatTrace();
        trace.Add(Chunk("""{"choices":[{"delta":{"content":"ab"},"logprobs":{"content":[{"token":"a"},{"token":"b"}]}}]}"""), Ticks(10));
        trace.Add(Chunk("""{"choices":[{"delta":{"content":"c"}}]}"""), Ticks(40));

        Assert.Equal([0f, 30f], trace.GapsMs(Time));
    }

    [Fact]
    public void EventsTogether_OneReadBroughtTwo_CountsTheSecond()
    {
        var trace = Trace((100, "ab"), (130, "cd"), (130, "ef"), (190, "gh"));

        Assert.Equal(1, trace.EventsTogether);
        Assert.Equal([30f, 0f, 60f], trace.GapsMs(Time));
    }

    [Fact]
    public void Sample_SentLate_IsChargedFromTheIntendedMoment()
    {
        var trace = Trace((150, "ab"));
        trace.SentAt = Ticks(100);
        trace.Complete(Ticks(160));

        var sample = RequestSample.Of(trace, Ticks(20), Time);

        Assert.Equal((130, 140, 80), (sample.TtftMs, sample.TotalMs, sample.SendLagMs));
    }

    private static ChatTrace Trace(params (double Ms, string Text)[] events)
    {
        var trace = new ChatTrace();
        foreach (var (ms, text) in events)
            trace.Add(Chunk($$$"""{"choices":[{"delta":{"content":"{{{text}}}"}}]}"""), Ticks(ms));
        return trace;
    }

    private static ChatChunk Chunk(string json) => ChatChunk.Parse(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));

    private static long Ticks(double milliseconds) => (long)(milliseconds * Time.TimestampFrequency / 1000);
}
