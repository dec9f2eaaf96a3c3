namespace Penstock.Engine.Serving.Text;

/// <summary>
/// Output text of one request, appended and never moved, so that an event's text is a slice of it and costs no allocation.
/// Written by the loop; read through the slices; given back once nobody reads any more.
/// </summary>
internal sealed class TextArena(TextSegmentPool pool)
{
    private readonly List<byte[]> segments = new(8);
    private int used = TextSegmentPool.SegmentBytes;

    /// <summary>Room for at least <paramref name="bytes"/> in one piece.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (segments.Count == 0 || segments[^1].Length - used < bytes)
        {
            segments.Add(bytes <= TextSegmentPool.SegmentBytes ? pool.Borrow() : new byte[bytes]);
            used = 0;
        }

        return segments[^1].AsSpan(used);
    }

    /// <summary>Keeps the first <paramref name="bytes"/> of what was reserved last.</summary>
    public ReadOnlyMemory<byte> Commit(int bytes)
    {
        if (bytes == 0)
            return default;

        var text = segments[^1].AsMemory(used, bytes);
        used += bytes;
        return text;
    }

    /// <summary>Keeps a copy of <paramref name="text"/>.</summary>
    public ReadOnlyMemory<byte> Append(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0)
            return default;

        text.CopyTo(Reserve(text.Length));
        return Commit(text.Length);
    }

    public void Return()
    {
        foreach (var segment in segments)
            pool.Return(segment);
        segments.Clear();
        used = TextSegmentPool.SegmentBytes;
    }
}
