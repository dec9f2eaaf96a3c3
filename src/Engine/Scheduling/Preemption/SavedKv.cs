using System.Buffers;

namespace Penstock.Engine.Scheduling.Preemption;

/// <summary>The KV of a preempted sequence, in pooled memory until it is disposed.</summary>
internal sealed class SavedKv : IBufferWriter<byte>, IDisposable
{
    private byte[] buffer = [];

    /// <summary>Tokens stored.</summary>
    public int Tokens { get; init; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, buffer.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(1, sizeHint));
        return buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(Math.Max(1, sizeHint));
        return buffer.AsSpan(Length);
    }

    public void Dispose()
    {
        Return();
        (buffer, Length) = ([], 0);
    }

    private void Grow(int bytes)
    {
        if (buffer.Length - Length >= bytes)
            return;

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max((long)Length + bytes, 2L * Length)));
        Bytes.CopyTo(larger);
        Return();
        buffer = larger;
    }

    private void Return()
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
