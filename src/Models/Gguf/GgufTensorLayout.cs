namespace Penstock.Models.Gguf;

/// <summary>A tensor that is to be written: all that the header says of it but its place.</summary>
/// <param name="Name">Unique in the file; at most 63 bytes, or llama.cpp refuses the file.</param>
/// <param name="Type">How its values will be stored.</param>
/// <param name="Shape">One to four dimensions, <c>[0]</c> the contiguous one and a whole number of blocks.</param>
public sealed record GgufTensorLayout(string Name, TensorType Type, IReadOnlyList<long> Shape)
{
    /// <summary>Bytes that the values take.</summary>
    public long ByteLength => Type.ByteLength(Shape[0]) * Shape.Skip(1).Aggregate(1L, (product, dimension) => product * dimension);
}
