using System.Buffers;

namespace Penstock.Providers.Http;

/// <summary>Takes server-sent events (WHATWG HTML, "Server-sent events") off a buffer, each with its own bytes.</summary>
internal static class SseFrame
{
    /// <summary>Takes the next event: everything up to and including its empty line. False when it is not whole yet.</summary>
    public static bool TryTake(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame)
    {
        var reader = new SequenceReader<byte>(buffer);
        while (reader.TryAdvanceTo((byte)'\n'))
        {
            if (reader.IsNext((byte)'\n', advancePast: true) || reader.IsNext("\r\n"u8, advancePast: true))
            {
                frame = buffer.Slice(0, reader.Position);
                buffer = buffer.Slice(reader.Position);
                return true;
            }
        }

        frame = default;
        return false;
    }

    /// <summary>The event's data, its lines joined; empty when it has none, as comments do.</summary>
    public static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> data = default;
        foreach (var range in frame.Split((byte)'\n'))
        {
            var line = frame[range];
            if (line.StartsWith("data:"u8))
            {
                var value = line["data:"u8.Length..].Trim(" \r"u8);
                data = data.IsEmpty ? value : (byte[])[.. data, (byte)'\n', .. value];
            }
        }

        return data;
    }

    /// <summary>The event's type; empty when it names none.</summary>
    public static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> frame)
    {
        foreach (var range in frame.Split((byte)'\n'))
        {
            var line = frame[range];
            if (line.StartsWith("event:"u8))
            {
                return line["event:"u8.Length..].Trim(" \r"u8);
            }
        }

        return [];
    }
}
