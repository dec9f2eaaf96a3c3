namespace Penstock.Models.Gguf;

/// <summary>Reads where the tensors lie and checks every figure against the file's size, without overflow.</summary>
internal static class GgufTensorTable
{
    private const string UnknownTypeRemedy = "Quantize or convert the model to a type that Penstock knows, such as Q8_0.";

    public static GgufTensor[] Read(GgufReader reader, int count, uint alignment)
    {
        var tensors = new GgufTensor[count];
        var places = new long[count];
        var names = new HashSet<string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            places[i] = reader.Position;
            tensors[i] = ReadOne(reader, alignment);
            if (!names.Add(tensors[i].Name))
                throw reader.Fault($"the tensor {GgufName.Printable(tensors[i].Name)} stands twice", GgufRemedy.Damaged, places[i]);
        }

        var data = (reader.Position + alignment - 1) & -(long)alignment;
        for (var i = 0; i < count; i++)
            tensors[i] = Place(reader, tensors[i], data, places[i]);
        RefuseOverlap(reader, tensors);
        return tensors;
    }

    private static GgufTensor ReadOne(GgufReader reader, uint alignment)
    {
        var at = reader.Position;
        var name = reader.String("a tensor's name", GgufLimits.KeyBytes);
        var label = $"the tensor {GgufName.Printable(name)}";
        var dimensions = reader.UInt32($"the dimensions of {label}");
        if (dimensions is 0 or > GgufLimits.Dimensions)
            throw reader.Fault($"{label} has {dimensions} dimensions; 1 to {GgufLimits.Dimensions} are allowed", GgufRemedy.Damaged, at);

        var shape = new long[dimensions];
        var elements = 1L;
        foreach (ref var dimension in shape.AsSpan())
        {
            var value = reader.UInt64($"the shape of {label}");
            // No type takes more than 8 bytes a value, so neither the product of the dimensions nor the bytes can overflow.
            if (value == 0 || value > (ulong)(long.MaxValue / 8 / elements))
                throw reader.Fault($"{label} has the impossible dimension {value}", GgufRemedy.Damaged, at);
            dimension = (long)value;
            elements *= dimension;
        }

        var type = (TensorType)reader.UInt32($"the type of {label}");
        if (!type.IsKnown())
            throw reader.Fault($"{label} has the unknown tensor type {(uint)type}", UnknownTypeRemedy, at);
        if (shape[0] % type.BlockElements() != 0)
            throw reader.Fault($"{label} has rows of {shape[0]} values, not whole {type.Name()} blocks of {type.BlockElements()}", GgufRemedy.Damaged, at);

        var offset = reader.UInt64($"the offset of {label}");
        if (offset % alignment != 0)
            throw reader.Fault($"{label} lies at offset {offset}, which is not aligned to {alignment}", GgufRemedy.Damaged, at);
        if (offset > long.MaxValue / 2)
            throw reader.Fault($"{label} lies at the impossible offset {offset}", GgufRemedy.Damaged, at);
        return new GgufTensor(name, type, shape, (long)offset, type.ByteLength(elements));
    }

    private static GgufTensor Place(GgufReader reader, GgufTensor tensor, long data, long at)
    {
        var room = reader.FileLength - data - tensor.Offset;
        return room >= tensor.ByteLength
            ? tensor with { Offset = data + tensor.Offset }
            : throw reader.Fault(
                $"the tensor {GgufName.Printable(tensor.Name)} needs {tensor.ByteLength} bytes at {data + tensor.Offset}, and the file has {reader.FileLength}", GgufRemedy.CutOff, at);
    }

    private static void RefuseOverlap(GgufReader reader, GgufTensor[] tensors)
    {
        var inOrder = tensors.OrderBy(tensor => tensor.Offset).ToArray();
        for (var i = 1; i < inOrder.Length; i++)
        {
            if (inOrder[i - 1].Offset + inOrder[i - 1].ByteLength > inOrder[i].Offset)
                throw reader.Fault($"the tensors {GgufName.Printable(inOrder[i - 1].Name)} and {GgufName.Printable(inOrder[i].Name)} overlap", GgufRemedy.Damaged, inOrder[i].Offset);
        }
    }
}
