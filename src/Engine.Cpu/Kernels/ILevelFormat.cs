namespace Penstock.Engine.Cpu.Kernels;

/// <summary>
/// How the levels of a panel of 16 weight rows lie in memory for one block of 32 columns: four steps of eight columns, in
/// vectors of four columns of all rows, four bytes a row.
/// </summary>
internal unsafe interface ILevelFormat
{
    /// <summary>Bytes of a block: 512 levels.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Levels; up to 64 start at 0, 256 are bytes as the path's dot product wants them.</summary>
    static abstract int Levels { get; }

    /// <summary>The level that stands for 0 where there are no minima.</summary>
    static abstract int Centre { get; }

    /// <summary>Levels of four columns.</summary>
    /// <param name="block">Start of the block.</param>
    /// <param name="step">Which eight columns, 0 to 3.</param>
    /// <param name="second">The upper four of them; a constant at the place of the call.</param>
    static abstract TBytes Load<TBytes>(byte* block, int step, bool second)
        where TBytes : struct, IPanelBytes<TBytes>;

    /// <summary>Stores a block of all rows.</summary>
    /// <param name="block">Start of the block.</param>
    /// <param name="columns">Levels, a byte each: four columns of row 0, of row 1, ..., then the next four columns.</param>
    static abstract void Write(byte* block, uint* columns);

    static abstract int Read(byte* block, int row, int column);
}
