namespace Penstock.Engine.Cpu.Kernels;

/// <summary>Four columns of a panel's 16 weight rows, 4 bytes a row: 64 bytes, as one vector or two.</summary>
internal unsafe interface IPanelBytes<TSelf>
    where TSelf : struct, IPanelBytes<TSelf>
{
    static abstract TSelf operator |(TSelf left, TSelf right);

    static abstract TSelf Load(byte* source);

    /// <summary>Of each byte, <paramref name="bits"/> bits moved from <paramref name="from"/> to <paramref name="to"/>, the others 0. Constants at the place of the call, so that they fold.</summary>
    static abstract TSelf LoadBits(byte* source, int bits, int from, int to);

    /// <summary>The same after a shift down that is not a constant.</summary>
    static abstract TSelf LoadBits(byte* source, int shift, int bits, int from, int to);
}
