using System.Buffers.Binary;
using Penstock.Models.Gguf;

namespace Penstock.Tests.Support.Gguf;

/// <summary>Where the numbers of a valid file's header stand, found without the reader that is under test.</summary>
/// <param name="Numbers">Every count, length, type, dimension, offset and value: first byte and size.</param>
/// <param name="Items">The metadata pairs and tensor entries: first byte, end, and where the count of their kind stands.</param>
/// <param name="HeaderEnd">First byte after the header.</param>
public sealed record GgufFields(IReadOnlyList<(int At, int Size)> Numbers, IReadOnlyList<(int Start, int End, int CountAt)> Items, int HeaderEnd)
{
    private const int TensorCountAt = 8;
    private const int PairCountAt = 16;

    public static GgufFields Of(byte[] file)
    {
        var walk = new Walk(file);
        return walk.Read();
    }

    private sealed class Walk(byte[] file)
    {
        private readonly List<(int At, int Size)> numbers = [(4, 4), (TensorCountAt, 8), (PairCountAt, 8)];
        private readonly List<(int Start, int End, int CountAt)> items = [];
        private int at = 24;

        public GgufFields Read()
        {
            var (tensors, pairs) = (BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(TensorCountAt)), BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(PairCountAt)));
            for (var i = 0; i < pairs; i++)
            {
                var start = at;
                Text();
                Value((GgufValueType)Number(4));
                items.Add((start, at, PairCountAt));
            }

            for (var i = 0; i < tensors; i++)
            {
                var start = at;
                Text();
                for (var dimensions = Number(4); dimensions > 0; dimensions--)
                    Number(8);
                Number(4);
                Number(8);
                items.Add((start, at, TensorCountAt));
            }

            return new GgufFields(numbers, items, at);
        }

        private void Value(GgufValueType type)
        {
            if (type == GgufValueType.String)
            {
                Text();
            }
            else if (type == GgufValueType.Array)
            {
                var element = (GgufValueType)Number(4);
                for (var count = Number(8); count > 0; count--)
                    Value(element);
            }
            else
            {
                Number(Size(type));
            }
        }

        private void Text()
        {
            var length = (int)Number(8);
            at += length;
        }

        private long Number(int size)
        {
            numbers.Add((at, size));
            at += size;
            return size switch
            {
                4 => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at - 4)),
                8 => BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at - 8)),
                _ => 0,
            };
        }

        private static int Size(GgufValueType type) => type switch
        {
            GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
            GgufValueType.UInt16 or GgufValueType.Int16 => 2,
            GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
            _ => 4,
        };
    }
}
