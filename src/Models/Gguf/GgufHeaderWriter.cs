using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Penstock.Models.Gguf;

/// <summary>Writes the header of a GGUF file, version 3: the mirror of <see cref="GgufHeader"/>.</summary>
internal static class GgufHeaderWriter
{
    private const uint Version = 3;

    public static void Write(Stream stream, IReadOnlyCollection<KeyValuePair<string, GgufValue>> metadata, IReadOnlyList<GgufTensorLayout> tensors, uint alignment)
    {
        stream.Write("GGUF"u8);
        WriteUInt32(stream, Version);
        WriteUInt64(stream, (ulong)tensors.Count);
        WriteUInt64(stream, (ulong)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            WriteString(stream, key);
            WriteValue(stream, value);
        }

        var offset = 0UL;
        foreach (var tensor in tensors)
        {
            WriteString(stream, tensor.Name);
            WriteUInt32(stream, (uint)tensor.Shape.Count);
            foreach (var dimension in tensor.Shape)
                WriteUInt64(stream, (ulong)dimension);
            WriteUInt32(stream, (uint)tensor.Type);
            WriteUInt64(stream, offset);
            offset += ((ulong)tensor.ByteLength + alignment - 1) / alignment * alignment;
        }
    }

    private static void WriteValue(Stream stream, GgufValue value)
    {
        WriteUInt32(stream, (uint)value.Type);
        if (value.Content is not Array array)
        {
            WriteScalar(stream, value.Content);
            return;
        }

        WriteUInt32(stream, (uint)value.ElementType!.Value);
        WriteUInt64(stream, (ulong)array.Length);
        switch (array)
        {
            case int[] numbers:
                stream.Write(MemoryMarshal.AsBytes(numbers.AsSpan()));
                break;
            case float[] numbers:
                stream.Write(MemoryMarshal.AsBytes(numbers.AsSpan()));
                break;
            default:
                foreach (var item in array)
                    WriteScalar(stream, item);
                break;
        }
    }

    private static void WriteScalar(Stream stream, object content)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        switch (content)
        {
            case string text: WriteString(stream, text); return;
            case bool truth: stream.WriteByte(truth ? (byte)1 : (byte)0); return;
            case byte number: stream.WriteByte(number); return;
            case sbyte number: stream.WriteByte((byte)number); return;
            case ushort number: BinaryPrimitives.WriteUInt16LittleEndian(bytes, number); break;
            case short number: BinaryPrimitives.WriteInt16LittleEndian(bytes, number); break;
            case uint number: BinaryPrimitives.WriteUInt32LittleEndian(bytes, number); break;
            case int number: BinaryPrimitives.WriteInt32LittleEndian(bytes, number); break;
            case float number: BinaryPrimitives.WriteSingleLittleEndian(bytes, number); break;
            case ulong number: BinaryPrimitives.WriteUInt64LittleEndian(bytes, number); break;
            case long number: BinaryPrimitives.WriteInt64LittleEndian(bytes, number); break;
            case double number: BinaryPrimitives.WriteDoubleLittleEndian(bytes, number); break;
            default: throw new ArgumentException($"GGUF has no type for {content.GetType().Name}.", nameof(content));
        }

        stream.Write(bytes[..(content is ushort or short ? 2 : content is uint or int or float ? 4 : 8)]);
    }

    private static void WriteString(Stream stream, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteUInt64(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void WriteUInt32(Stream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void WriteUInt64(Stream stream, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
