using System.Numerics;
using System.Runtime.CompilerServices;

namespace Penstock.Constraints.Text.Nodes;

/// <summary>
/// The 256 bytes cut into intervals whose members a node cannot tell apart: bit b is set where an interval begins at b (byte 0 always begins one).
/// </summary>
internal readonly struct ByteClasses(UInt128 low, UInt128 high)
{
    private readonly UInt128 low = low | UInt128.One;
    private readonly UInt128 high = high;

    /// <summary>One interval of all bytes.</summary>
    public static ByteClasses Whole { get; } = new(UInt128.One, UInt128.Zero);

    public int Count => (int)(UInt128.PopCount(low) + UInt128.PopCount(high));

    public static ByteClasses operator |(ByteClasses a, ByteClasses b) => new(a.low | b.low, a.high | b.high);

    /// <summary>These intervals, cut further before <paramref name="first"/> and after <paramref name="last"/>.</summary>
    public ByteClasses Cut(byte first, byte last)
    {
        var cut = At(first);
        return last == byte.MaxValue ? this | cut : this | cut | At((byte)(last + 1));
    }

    /// <summary>The number of the interval that a byte is in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(byte value) => value < 128
        ? Ones(low << (127 - value)) - 1
        : Ones(low) + Ones(high << (255 - value)) - 1;

    /// <summary>The first byte of each interval, in order.</summary>
    public byte[] Starts()
    {
        var starts = new byte[Count];
        var n = 0;
        ReadOnlySpan<ulong> words = [(ulong)low, (ulong)(low >> 64), (ulong)high, (ulong)(high >> 64)];
        for (var i = 0; i < words.Length; i++)
        {
            for (var rest = words[i]; rest != 0; rest &= rest - 1)
                starts[n++] = (byte)((i * 64) + BitOperations.TrailingZeroCount(rest));
        }

        return starts;
    }

    private static ByteClasses At(byte value) => value < 128
        ? new(UInt128.One << value, UInt128.Zero)
        : new(UInt128.Zero, UInt128.One << (value - 128));

    private static int Ones(UInt128 bits) => BitOperations.PopCount((ulong)bits) + BitOperations.PopCount((ulong)(bits >> 64));
}
