namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// Sixteen floats, a lane for each weight row of a panel: one vector of 512 bits or two of 256. Every operation is the IEEE one in each lane, so the
/// forms agree to the last bit.
/// </summary>
internal unsafe interface IPanelLanes<TSelf>
    where TSelf : struct, IPanelLanes<TSelf>
{
    /// <summary>Input rows that a tile may take at once before its sums no longer fit the registers.</summary>
    static abstract int MostRows { get; }

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf FusedMultiplyAdd(TSelf left, TSelf right, TSelf addend);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Load(float* source);

    /// <summary>Finite IEEE halves, see <see cref="HalfFloats"/>.</summary>
    static abstract TSelf LoadHalves(ushort* source);

    /// <summary>bfloat16: the upper half of a single.</summary>
    static abstract TSelf LoadBFloats(ushort* source);

    static abstract TSelf LoadSigned(sbyte* source);

    /// <summary>Unsigned bytes, shifted down by <paramref name="shift"/> and masked.</summary>
    static abstract TSelf LoadBits(byte* source, int shift, byte mask);

    void Store(float* target);
}
