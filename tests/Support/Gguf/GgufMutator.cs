using System.Buffers.Binary;

namespace Penstock.Tests.Support.Gguf;

/// <summary>Damages valid files where it hurts: numbers and the borders of items more often than what lies between them.</summary>
public sealed class GgufMutator(IReadOnlyList<byte[]> files, int seed)
{
    private static readonly ulong[] Extremes =
    [
        0, 1, 2, 3, 31, 33, 255, 256, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000, long.MaxValue, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 31, 1UL << 60, 1UL << 40,
        0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0x7ff0_0000_0000_0000, 0x7ff8_0000_0000_0000, 0x8000_0000_0000_0000 - 8, 1 << 20, 1 << 28,
    ];

    private readonly Random random = new(seed);
    private readonly GgufFields[] fields = [.. files.Select(GgufFields.Of)];

    /// <summary>Which of the files the last mutant came from.</summary>
    public int Base { get; private set; }

    public byte[] Next()
    {
        Base = random.Next(files.Count);
        var bytes = (byte[])files[Base].Clone();
        for (var edits = random.Next(4) == 0 ? random.Next(2, 6) : 1; edits > 0; edits--)
            bytes = Edit(bytes);
        return bytes;
    }

    private byte[] Edit(byte[] bytes)
    {
        switch (random.Next(12))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[InHeader(bytes)] = (byte)random.Next(256);
                return bytes;
            case 2:
                bytes[InHeader(bytes)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 3:
                return bytes[..random.Next(1, bytes.Length + 1)];
            case 4:
                return Splice(bytes);
            case 5:
                return WithoutItem(bytes);
            case 6:
                return WithItemOf(bytes, random.Next(files.Count));
            case 7:
                Swap(bytes);
                return bytes;
            case 8:
                Add(bytes, random.Next(-40, 41));
                return bytes;
            default:
                Put(bytes, Extremes[random.Next(Extremes.Length)]);
                return bytes;
        }
    }

    private int InHeader(byte[] bytes) => random.Next(Math.Min(bytes.Length, fields[Base].HeaderEnd));

    private (int At, int Size) Number() => fields[Base].Numbers[random.Next(fields[Base].Numbers.Count)];

    // An earlier edit may have moved what stood here; then it is some other place that is hit.
    private void Put(byte[] bytes, ulong value)
    {
        var (at, size) = Number();
        Span<byte> encoded = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(encoded, value);
        if (at + size <= bytes.Length)
            encoded[..size].CopyTo(bytes.AsSpan(at));
    }

    private void Add(byte[] bytes, int delta)
    {
        var (at, size) = Number();
        if (at + size > bytes.Length || size < 4)
            return;
        if (size == 4)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) + delta);
        else
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)) + delta);
    }

    private void Swap(byte[] bytes)
    {
        var (one, other) = (Number(), Number());
        if (one.Size != other.Size || Math.Max(one.At, other.At) + one.Size > bytes.Length)
            return;
        for (var i = 0; i < one.Size; i++)
            (bytes[one.At + i], bytes[other.At + i]) = (bytes[other.At + i], bytes[one.At + i]);
    }

    private byte[] Splice(byte[] bytes)
    {
        var other = random.Next(files.Count);
        var (head, tail) = (random.Next(2) == 0 ? Border(Base) : random.Next(bytes.Length), random.Next(2) == 0 ? Border(other) : random.Next(files[other].Length));
        return [.. bytes.AsSpan(0, Math.Min(head, bytes.Length)), .. files[other].AsSpan(tail)];
    }

    private int Border(int file) => fields[file].Items[random.Next(fields[file].Items.Count)].Start;

    private byte[] WithoutItem(byte[] bytes)
    {
        var (start, end, countAt) = fields[Base].Items[random.Next(fields[Base].Items.Count)];
        if (end > bytes.Length)
            return bytes;
        Count(bytes, countAt, -1);
        return [.. bytes.AsSpan(0, start), .. bytes.AsSpan(end)];
    }

    /// <summary>Puts an item of any file in front of one of this file's: a key or tensor twice, a value of another model.</summary>
    private byte[] WithItemOf(byte[] bytes, int other)
    {
        var (start, end, _) = fields[other].Items[random.Next(fields[other].Items.Count)];
        var (place, _, countAt) = fields[Base].Items[random.Next(fields[Base].Items.Count)];
        if (place > bytes.Length)
            return bytes;
        Count(bytes, countAt, 1);
        return [.. bytes.AsSpan(0, place), .. files[other].AsSpan(start, end - start), .. bytes.AsSpan(place)];
    }

    // Mostly the count is kept true, so that the reader comes further than to the count.
    private void Count(byte[] bytes, int at, int delta)
    {
        if (random.Next(4) != 0 && at + 8 <= bytes.Length)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)) + delta);
    }
}
