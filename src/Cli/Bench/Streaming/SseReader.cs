using System.Buffers;

namespace Penstock.Cli.Bench.Streaming;

/// <summary>
/// Finds the data of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) in what has arrived so far.
/// Every OpenAI-compatible server writes one data line an event, so a line is an event here; comments and other fields are passed over.
/// </summary>
internal static class SseReader
{
    private static ReadOnlySpan<byte> Field => "data:"u8;

    /// <summary>Takes the next whole data line off the buffer.</summary>
    /// <param name="buffer">What has arrived; moves past what was taken. A line that is not whole yet stays.</param>
    /// <param name="data">What follows <c>data:</c>, without the one space that may lead it.</param>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> data)
    {
        while (buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            if (TryTakeData(line, out data))
            {
                return true;
            }
        }

        data = default;
        return false;
    }

    private static bool TryTakeData(ReadOnlySequence<byte> line, out ReadOnlySequence<byte> data)
    {
        data = default;
        var reader = new SequenceReader<byte>(line);
        if (!reader.IsNext(Field, advancePast: true))
        {
            return false;
        }

        reader.IsNext((byte)' ', advancePast: true);
        data = reader.UnreadSequence;
        if (data.Length > 0 && data.Slice(data.Length - 1).FirstSpan[0] == (byte)'\r')
        {
            data = data.Slice(0, data.Length - 1);
        }

        return true;
    }
}
