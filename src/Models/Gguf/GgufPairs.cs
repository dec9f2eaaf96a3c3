namespace Penstock.Models.Gguf;

/// <summary>Reads the metadata pairs of a header.</summary>
internal static class GgufPairs
{
    public static OrderedDictionary<string, GgufValue> Read(GgufReader reader, int count)
    {
        var pairs = new OrderedDictionary<string, GgufValue>(Math.Min(count, 256), StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var at = reader.Position;
            var key = reader.String("a metadata key", GgufLimits.KeyBytes);
            var name = GgufName.Printable(key);
            var type = (GgufValueType)reader.UInt32($"the type of {name}");
            var content = type == GgufValueType.Array ? ReadArray(reader, name) : ReadScalar(reader, type, name);
            if (!pairs.TryAdd(key, GgufValue.From(content)))
                throw reader.Fault($"the metadata key {name} stands twice", GgufRemedy.Damaged, at);
        }

        return pairs;
    }

    private static object ReadScalar(GgufReader reader, GgufValueType type, string key) => type switch
    {
        GgufValueType.UInt8 => reader.Scalar<byte>(key),
        GgufValueType.Int8 => reader.Scalar<sbyte>(key),
        GgufValueType.UInt16 => reader.Scalar<ushort>(key),
        GgufValueType.Int16 => reader.Scalar<short>(key),
        GgufValueType.UInt32 => reader.Scalar<uint>(key),
        GgufValueType.Int32 => reader.Scalar<int>(key),
        GgufValueType.UInt64 => reader.Scalar<ulong>(key),
        GgufValueType.Int64 => reader.Scalar<long>(key),
        GgufValueType.Float32 => reader.Scalar<float>(key),
        GgufValueType.Float64 => reader.Scalar<double>(key),
        GgufValueType.Bool => Truth(reader, reader.Scalar<byte>(key), key),
        GgufValueType.String => reader.String(key, GgufLimits.StringBytes),
        _ => throw UnknownType(reader, type, key),
    };

    private static Array ReadArray(GgufReader reader, string key)
    {
        var type = (GgufValueType)reader.UInt32($"the element type of {key}");
        return type switch
        {
            GgufValueType.UInt8 => Numbers<byte>(reader, key, 1),
            GgufValueType.Int8 => Numbers<sbyte>(reader, key, 1),
            GgufValueType.UInt16 => Numbers<ushort>(reader, key, 2),
            GgufValueType.Int16 => Numbers<short>(reader, key, 2),
            GgufValueType.UInt32 => Numbers<uint>(reader, key, 4),
            GgufValueType.Int32 => Numbers<int>(reader, key, 4),
            GgufValueType.UInt64 => Numbers<ulong>(reader, key, 8),
            GgufValueType.Int64 => Numbers<long>(reader, key, 8),
            GgufValueType.Float32 => Numbers<float>(reader, key, 4),
            GgufValueType.Float64 => Numbers<double>(reader, key, 8),
            GgufValueType.Bool => Array.ConvertAll(Numbers<byte>(reader, key, 1), item => Truth(reader, item, key)),
            GgufValueType.String => Strings(reader, key),
            GgufValueType.Array => throw reader.Fault($"the metadata key {key} is an array of arrays, which no model uses", GgufRemedy.Damaged),
            _ => throw UnknownType(reader, type, key),
        };
    }

    private static T[] Numbers<T>(GgufReader reader, string key, int size)
        where T : unmanaged
    {
        var items = new T[Length(reader, key, size)];
        reader.Fill<T>(items, key);
        return items;
    }

    private static string[] Strings(GgufReader reader, string key)
    {
        var items = new string[Length(reader, key, sizeof(ulong))];
        for (var i = 0; i < items.Length; i++)
            items[i] = reader.String(key, GgufLimits.StringBytes);
        return items;
    }

    private static int Length(GgufReader reader, string key, int size) => reader.Count("length", key, size, GgufLimits.HeaderBytes);

    private static bool Truth(GgufReader reader, byte value, string key) => value switch
    {
        0 => false,
        1 => true,
        _ => throw reader.Fault($"the metadata key {key} is a bool with the value {value}", GgufRemedy.Damaged),
    };

    private static GgufException UnknownType(GgufReader reader, GgufValueType type, string key) =>
        reader.Fault($"the metadata key {key} has the unknown value type {(uint)type}", GgufRemedy.Damaged);
}
