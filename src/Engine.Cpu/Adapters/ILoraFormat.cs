using Penstock.Engine.Cpu.Kernels;

namespace Penstock.Engine.Cpu.Adapters;

/// <summary>How the weights of an adapter lie in a panel: blocks of columns, each a header (scales) and column after column of 16 weights.</summary>
internal unsafe interface ILoraFormat
{
    /// <summary>Columns of a block, a multiple of four; the last may have fewer.</summary>
    static abstract int BlockColumns { get; }

    /// <summary>Bytes before a block's first column.</summary>
    static abstract int HeaderBytes { get; }

    /// <summary>Bytes of a weight.</summary>
    static abstract int ElementBytes { get; }

    /// <summary>A block's scales, one a lane.</summary>
    static abstract TLanes Scales<TLanes>(byte* block)
        where TLanes : struct, IPanelLanes<TLanes>;

    /// <summary>A column: floats, or levels to be multiplied by their scales.</summary>
    static abstract TLanes Load<TLanes>(byte* column)
        where TLanes : struct, IPanelLanes<TLanes>;

    /// <summary>Adds a block's sum to those of the blocks before it.</summary>
    static abstract TLanes Join<TLanes>(TLanes sum, TLanes scales, TLanes before)
        where TLanes : struct, IPanelLanes<TLanes>;
}
