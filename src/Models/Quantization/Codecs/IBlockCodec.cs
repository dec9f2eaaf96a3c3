namespace Penstock.Models.Quantization.Codecs;

/// <summary>One type's block: its values in and out of their stored form. Implementations are stateless.</summary>
internal interface IBlockCodec
{
    /// <summary>Values of a block.</summary>
    static abstract int Elements { get; }

    /// <summary>Bytes of a block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Bit for bit as ggml reads it.</summary>
    static abstract void Read(ReadOnlySpan<byte> block, Span<float> values);

    /// <param name="values">Finite, and within a half's range.</param>
    /// <param name="weights">How much an error in each value counts; positive. Empty: all the same.</param>
    /// <param name="block">Overwritten.</param>
    static abstract void Write(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<byte> block);
}
