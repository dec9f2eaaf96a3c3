using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Penstock.Models.Gguf;

/// <summary>Reads the primitives of a GGUF header front to back. Nothing is read or allocated that the file cannot hold.</summary>
internal sealed class GgufReader
{
    private readonly SafeFileHandle handle;
    private readonly string path;
    private readonly long end;
    private byte[] buffer;
    private long bufferAt;
    private int bufferLength;

    public GgufReader(SafeFileHandle handle, string path, long fileLength)
    {
        this.handle = handle;
        this.path = path;
        FileLength = fileLength;
        end = Math.Min(fileLength, GgufLimits.HeaderBytes);
        buffer = new byte[(int)Math.Min(end, 1 << 18)];
    }

    /// <summary>Bytes from the start of the file.</summary>
    public long Position { get; private set; }

    public long FileLength { get; }

    /// <summary>Bytes that the rest of the header could take.</summary>
    public long Remaining => end - Position;

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), what));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));

    /// <summary>A count, refused when the rest of the file cannot hold so many items.</summary>
    /// <param name="kind">With <paramref name="what"/>, names the count; put together only for a message, since vocabularies have 100,000 strings.</param>
    public int Count(string kind, string what, int smallestItem, long limit)
    {
        var at = Position;
        var count = UInt64(what);
        if (count > (ulong)(Remaining / smallestItem))
            throw Fault($"the {kind} of {what} is {count}, more than the {Remaining} bytes left could hold", GgufRemedy.Damaged, at);
        if (count > (ulong)limit)
            throw Fault($"the {kind} of {what} is {count}, over the bound of {limit}", GgufRemedy.Damaged, at);
        return (int)count;
    }

    public string String(string what, int limit)
    {
        var length = Count("length", what, 1, limit);
        return length == 0 ? "" : Encoding.UTF8.GetString(Take(length, what));
    }

    public T Scalar<T>(string what)
        where T : unmanaged => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>(), what));

    /// <summary>Fills <paramref name="items"/>, whose size the caller has bounded by a <see cref="Count"/>.</summary>
    public void Fill<T>(Span<T> items, string what)
        where T : unmanaged
    {
        for (var rest = MemoryMarshal.AsBytes(items); rest.Length > 0;)
        {
            var part = Take(Math.Min(rest.Length, 1 << 16), what);
            part.CopyTo(rest);
            rest = rest[part.Length..];
        }
    }

    public GgufException Fault(string problem, string remedy, long? at = null) => new(path, problem, remedy, at ?? Position);

    /// <summary>The next bytes; valid until the next call.</summary>
    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > Remaining)
        {
            throw end < FileLength
                ? Fault($"the header is longer than {GgufLimits.HeaderBytes >> 20} MiB", GgufRemedy.Damaged)
                : Fault($"the file ends inside {what}", GgufRemedy.CutOff);
        }

        var start = Position - bufferAt;
        if (start + count > bufferLength)
        {
            Refill(count, what);
            start = 0;
        }

        Position += count;
        return buffer.AsSpan((int)start, count);
    }

    private void Refill(int count, string what)
    {
        if (count > buffer.Length)
            buffer = new byte[count];
        bufferAt = Position;
        bufferLength = 0;
        while (bufferLength < count)
        {
            var read = RandomAccess.Read(handle, buffer.AsSpan(bufferLength), bufferAt + bufferLength);
            if (read == 0)
                throw Fault($"the file became shorter while {what} was read", GgufRemedy.CutOff);
            bufferLength += read;
        }
    }
}
