namespace Penstock.Models.Quantization.Codecs;

/// <summary>Where a K type keeps its numbers.</summary>
internal interface ISuperblockFormat
{
    static abstract int Bytes { get; }

    /// <summary>Values that share a scale: 16 or 32.</summary>
    static abstract int GroupSize { get; }

    /// <summary>The highest level.</summary>
    static abstract int TopLevel { get; }

    /// <summary>The level that is read as 0; 0 for types with minima.</summary>
    static abstract int Offset { get; }

    /// <summary>The lowest and highest integer of a group's scale (and, from 0, of its minimum).</summary>
    static abstract (int Lowest, int Highest) GroupRange { get; }

    static abstract void Unpack(ReadOnlySpan<byte> block, ref BlockParts parts);

    static abstract void Pack(in BlockParts parts, Span<byte> block);
}
