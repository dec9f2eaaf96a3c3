using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// Bits of a block's levels, apart from the others, in vectors of 32 bytes: byte <c>4·(row % 8) + column % 4</c>, first for rows 0-7 and then for 8-15.
/// A byte holds as many columns as it has room for: 2 with 4 bits, 4 with 2 bits, 8 with 1 bit, four columns apart, the first in the lowest bits.
/// </summary>
internal static unsafe class BitPlanes
{
    /// <summary>Bits of four columns moved to <paramref name="to"/>, for all rows.</summary>
    /// <param name="plane">Start of the plane.</param>
    /// <param name="bits">Bits a level: 1, 2 or 4.</param>
    /// <param name="step">Which eight columns, 0 to 3.</param>
    /// <param name="second">The upper four of them; like <paramref name="bits"/> and <paramref name="to"/> a constant at the place of the call, so that shifts fold.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes Load<TBytes>(byte* plane, int bits, int step, bool second, int to)
        where TBytes : struct, IPanelBytes<TBytes> => bits == 4
            ? TBytes.LoadBits(plane + (step * 64), 4, second ? 4 : 0, to)
            : TBytes.LoadBits(plane + (step * bits / 4 * 64), step * bits * 2 % 8, bits, second ? bits : 0, to);

    /// <summary>Stores all rows' bits from <paramref name="from"/> on: four columns at a time.</summary>
    /// <param name="plane">Start of the plane.</param>
    /// <param name="bits">Bits a level: 1, 2 or 4.</param>
    /// <param name="columns">As in <see cref="ILevelFormat.Write"/>.</param>
    /// <param name="from">The lowest of the bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* plane, int bits, uint* columns, int from)
    {
        var mask = Vector256.Create(((1u << bits) - 1) * 0x01010101);
        for (var group = 0; group < 8; plane += 64)
        {
            Vector256<uint> low = default, high = default;
            for (var shift = 0; shift < 8; shift += bits, group++, columns += 16)
            {
                low |= ((Vector256.Load(columns) >> from) & mask) << shift;
                high |= ((Vector256.Load(columns + 8) >> from) & mask) << shift;
            }

            low.Store((uint*)plane);
            high.Store((uint*)(plane + 32));
        }
    }

    public static int Read(byte* plane, int bits, int row, int column) =>
        (*Byte(plane, bits, row, column) >> Shift(bits, column)) & ((1 << bits) - 1);

    private static byte* Byte(byte* plane, int bits, int row, int column) =>
        plane + (column / 4 / (8 / bits) * 64) + (row / 8 * 32) + (row % 8 * 4) + (column % 4);

    private static int Shift(int bits, int column) => column / 4 % (8 / bits) * bits;
}
