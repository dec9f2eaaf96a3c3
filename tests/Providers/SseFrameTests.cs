using System.Buffers;
using System.Text;
using Penstock.Providers.Http;

namespace Penstock.Providers.Tests;

public sealed class SseFrameTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", new[] { "data: a\n\n", "data: b\n\n" })]
    [InlineData("data: a\r\n\r\ndata: b\n\n", new[] { "data: a\r\n\r\n", "data: b\n\n" })]
    [InlineData(": comment\n\ndata: a\n", new[] { ": comment\n\n" })]
    public void TryTake_AnySplit_TakesWholeEvents(string text, string[] frames)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at <= bytes.Length; at++)
        {
            var first = new Segment(bytes.AsMemory(0, at));
            var second = first.Append(bytes.AsMemory(at));
            var buffer = new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
            var taken = new List<string>();
            while (SseFrame.TryTake(ref buffer, out var frame))
            {
                taken.Add(Encoding.UTF8.GetString(frame));
            }

            Assert.Equal(frames, taken);
            Assert.Equal(bytes.Length, taken.Sum(frame => frame.Length) + buffer.Length);
        }
    }

    [Theory]
    [InlineData("data: {\"a\":1}\n\n", "{\"a\":1}")]
    [InlineData("data:x\r\n\r\n", "x")]
    [InlineData("event: e\ndata: one\nid: 7\ndata: two\n\n", "one\ntwo")]
    [InlineData(": keep-alive\n\n", "")]
    public void DataOf_Event_IsItsData(string frame, string data) => Assert.Equal(data, Encoding.UTF8.GetString(SseFrame.DataOf(Encoding.UTF8.GetBytes(frame))));

    [Fact]
    public void TypeOf_Event_IsItsName() => Assert.Equal("message_stop", Encoding.UTF8.GetString(SseFrame.TypeOf("event: message_stop\r\ndata: {}\n\n"u8)));

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
