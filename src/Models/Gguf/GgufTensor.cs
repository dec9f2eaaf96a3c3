namespace Penstock.Models.Gguf;

/// <summary>Where a tensor lies in a <see cref="GgufFile"/>. All figures have been checked against the file's size.</summary>
/// <param name="Name">Unique in the file, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Type">How its values are stored.</param>
/// <param name="Shape">One to four dimensions in ggml's order: <c>[0]</c> is the contiguous one (a matrix's columns), each at least 1.</param>
/// <param name="Offset">First byte, from the start of the file; a multiple of the file's alignment.</param>
/// <param name="ByteLength">Bytes of the values, without the padding after them.</param>
public sealed record GgufTensor(string Name, TensorType Type, IReadOnlyList<long> Shape, long Offset, long ByteLength)
{
    /// <summary>Number of values.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Bytes of one row, the values that share all dimensions but <c>Shape[0]</c>.</summary>
    public long RowBytes => Type.ByteLength(Shape[0]);

    /// <summary>Number of rows.</summary>
    public long RowCount => ElementCount / Shape[0];
}
