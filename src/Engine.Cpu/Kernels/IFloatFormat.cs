namespace Penstock.Engine.Cpu.Kernels;

/// <summary>How 16 floating-point weights (one column of a panel) lie in memory.</summary>
internal unsafe interface IFloatFormat
{
    static abstract int ElementBytes { get; }

    /// <summary>Whether none of the elements, as the file has them, is infinite or NaN.</summary>
    static abstract bool AllFinite(ReadOnlySpan<byte> elements);

    static abstract TLanes Load<TLanes>(byte* source)
        where TLanes : struct, IPanelLanes<TLanes>;
}
