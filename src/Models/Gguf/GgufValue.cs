namespace Penstock.Models.Gguf;

/// <summary>One metadata value with its type in the file. Immutable: an array handed in must not be changed afterwards.</summary>
public sealed class GgufValue
{
    private GgufValue(GgufValueType type, GgufValueType? elementType, object content) => (Type, ElementType, Content) = (type, elementType, content);

    /// <summary>The value's type.</summary>
    public GgufValueType Type { get; }

    /// <summary>The type of the elements, when <see cref="Type"/> is <see cref="GgufValueType.Array"/>.</summary>
    public GgufValueType? ElementType { get; }

    /// <summary>The .NET value: a primitive, a string, or an array of one of these.</summary>
    public object Content { get; }

    /// <summary>Number of elements of an array, else 1.</summary>
    public int Count => Content is Array array ? array.Length : 1;

    public static implicit operator GgufValue(string value) => From(value);

    public static implicit operator GgufValue(uint value) => From(value);

    public static implicit operator GgufValue(int value) => From(value);

    public static implicit operator GgufValue(float value) => From(value);

    public static implicit operator GgufValue(bool value) => From(value);

    public static implicit operator GgufValue(string[] value) => From(value);

    public static implicit operator GgufValue(int[] value) => From(value);

    public static implicit operator GgufValue(float[] value) => From(value);

    /// <summary>A value of any GGUF type: a .NET primitive, a string, or a one-dimensional array of one of these.</summary>
    /// <exception cref="ArgumentException">GGUF has no type for it.</exception>
    public static GgufValue From(object content) => content is Array array
        ? new GgufValue(GgufValueType.Array, TypeOf(array.GetType().GetElementType()!), content)
        : new GgufValue(TypeOf(content.GetType()), null, content);

    /// <summary>The value for people: strings as they are, arrays by their type and length.</summary>
    public override string ToString() => Content is Array array ? $"{ElementType}[{array.Length}]" : $"{Content}";

    private static GgufValueType TypeOf(System.Type type) => System.Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => GgufValueType.UInt8,
        TypeCode.SByte => GgufValueType.Int8,
        TypeCode.UInt16 => GgufValueType.UInt16,
        TypeCode.Int16 => GgufValueType.Int16,
        TypeCode.UInt32 => GgufValueType.UInt32,
        TypeCode.Int32 => GgufValueType.Int32,
        TypeCode.UInt64 => GgufValueType.UInt64,
        TypeCode.Int64 => GgufValueType.Int64,
        TypeCode.Single => GgufValueType.Float32,
        TypeCode.Double => GgufValueType.Float64,
        TypeCode.Boolean => GgufValueType.Bool,
        TypeCode.String => GgufValueType.String,
        _ => throw new ArgumentException($"GGUF has no type for {type.Name}.", nameof(type)),
    };
}
