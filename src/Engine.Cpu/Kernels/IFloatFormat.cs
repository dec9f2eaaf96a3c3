namespace Penstock.Engine.Cpu.Kernels;

/// <summary>How 16 floating-point weights (one column of a panel) lie in memory.</summary>
internal unsafe interface IFloatFormat
{
    static abstract int ElementBytes { get; }

    /// <summary>Whether one element, as the file has it, is neither infinite nor NaN.</summary>
    static abstract bool IsFinite(ReadOnlySpan<byte> element);

    static abstract TLanes Load<TLanes>(byte* source)
        where TLanes : struct, IPanelLanes<TLanes>;
}
