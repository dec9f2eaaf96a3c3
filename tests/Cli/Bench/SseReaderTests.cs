using System.Buffers;
using System.Text;
using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Tests.Bench;

public class SseReaderTests
{
    private const string Transcript = ": a comment\ndata: {\"a\":1}\n\nevent: x\ndata:two\r\n\r\ndata: \n\nid: 7\ndata: [DONE]\n\n";
    private static readonly string[] Expected = ["{\"a\":1}", "two", "", "[DONE]"];

    [Fact]
    public void TryRead_TwoSegmentsCutAnywhere_GivesTheSameLines()
    {
        var bytes = Encoding.UTF8.GetBytes(Transcript);
        for (var cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Expected, Lines(Sequence(bytes[..cut], bytes[cut..])));
    }

    [Fact]
    public void TryRead_BytesArriveOneByOne_GivesTheSameLines()
    {
        var lines = new List<string>();
        var pending = new List<byte>();
        foreach (var next in Encoding.UTF8.GetBytes(Transcript))
        {
            pending.Add(next);
            var buffer = new ReadOnlySequence<byte>(pending.ToArray());
            while (SseReader.TryRead(ref buffer, out var data))
                lines.Add(Encoding.UTF8.GetString(data));
            pending.RemoveRange(0, pending.Count - (int)buffer.Length);
        }

        Assert.Equal(Expected, lines);
    }

    [Fact]
    public void TryRead_LineNotWhole_StaysInTheBuffer()
    {
        var buffer = new ReadOnlySequence<byte>("data: half"u8.ToArray());

        Assert.False(SseReader.TryRead(ref buffer, out _));
        Assert.Equal(10, buffer.Length);
    }

    private static List<string> Lines(ReadOnlySequence<byte> buffer)
    {
        var lines = new List<string>();
        while (SseReader.TryRead(ref buffer, out var data))
            lines.Add(Encoding.UTF8.GetString(data));
        return lines;
    }

    private static ReadOnlySequence<byte> Sequence(byte[] first, byte[] second)
    {
        var start = new Segment(first, 0);
        var end = start.Append(second);
        return new ReadOnlySequence<byte>(start, 0, end, second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(byte[] memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
