using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Penstock.Models.Gguf;

/// <summary>The key-value pairs of a GGUF file, in the file's order, with typed access. Immutable and thread-safe.</summary>
/// <remarks>
/// A getter without a default throws <see cref="GgufException"/> naming the key when it is missing; every getter does so when the
/// value has another type. Integers are read whatever their width and sign, so long as the value fits.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "Metadata is already a word for many.")]
public sealed class GgufMetadata : IReadOnlyCollection<KeyValuePair<string, GgufValue>>
{
    private readonly string path;
    private readonly OrderedDictionary<string, GgufValue> values;

    internal GgufMetadata(string path, OrderedDictionary<string, GgufValue> values) => (this.path, this.values) = (path, values);

    /// <summary>Number of pairs.</summary>
    public int Count => values.Count;

    public bool Contains(string key) => values.ContainsKey(key);

    public bool TryGet(string key, out GgufValue? value) => values.TryGetValue(key, out value);

    public string String(string key) => Text(key, Required(key));

    public string? StringOrDefault(string key, string? otherwise = null) => values.TryGetValue(key, out var value) ? Text(key, value) : otherwise;

    public uint UInt32(string key) => Whole<uint>(key, Required(key));

    public uint UInt32OrDefault(string key, uint otherwise = 0) => values.TryGetValue(key, out var value) ? Whole<uint>(key, value) : otherwise;

    public int Int32(string key) => Whole<int>(key, Required(key));

    public int Int32OrDefault(string key, int otherwise = 0) => values.TryGetValue(key, out var value) ? Whole<int>(key, value) : otherwise;

    public float Float32(string key) => Real(key, Required(key));

    public float Float32OrDefault(string key, float otherwise = 0) => values.TryGetValue(key, out var value) ? Real(key, value) : otherwise;

    public bool Bool(string key) => Truth(key, Required(key));

    public bool BoolOrDefault(string key, bool otherwise = false) => values.TryGetValue(key, out var value) ? Truth(key, value) : otherwise;

    public ImmutableArray<string> Strings(string key) => Elements<string>(key, Required(key));

    public ImmutableArray<string> StringsOrDefault(string key) => values.TryGetValue(key, out var value) ? Elements<string>(key, value) : [];

    public ImmutableArray<float> Float32s(string key) => Elements<float>(key, Required(key));

    public ImmutableArray<float> Float32sOrDefault(string key) => values.TryGetValue(key, out var value) ? Elements<float>(key, value) : [];

    public ImmutableArray<int> Int32s(string key) => Integers(key, Required(key));

    public ImmutableArray<int> Int32sOrDefault(string key) => values.TryGetValue(key, out var value) ? Integers(key, value) : [];

    public IEnumerator<KeyValuePair<string, GgufValue>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private GgufValue Required(string key) => values.TryGetValue(key, out var value) ? value : throw new GgufException(
        path, $"the metadata key {GgufName.Printable(key)} is missing", "The file is not a complete model of its architecture; convert it again with a current converter.");

    private string Text(string key, GgufValue value) => value.Content as string ?? throw Mismatch(key, value, "a string");

    private bool Truth(string key, GgufValue value) => value.Content as bool? ?? throw Mismatch(key, value, "a bool");

    private float Real(string key, GgufValue value) => value.Content switch
    {
        float single => single,
        double number => (float)number,
        _ => throw Mismatch(key, value, "a floating-point number"),
    };

    private T Whole<T>(string key, GgufValue value)
        where T : struct, IConvertible
    {
        if (value.Type is GgufValueType.Array or GgufValueType.String or GgufValueType.Bool or GgufValueType.Float32 or GgufValueType.Float64)
            throw Mismatch(key, value, "a whole number");
        try
        {
            return (T)Convert.ChangeType(value.Content, typeof(T), CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            throw Mismatch(key, value, $"a whole number that fits {typeof(T).Name}");
        }
    }

    private ImmutableArray<T> Elements<T>(string key, GgufValue value) =>
        ImmutableCollectionsMarshal.AsImmutableArray(value.Content as T[] ?? throw Mismatch(key, value, $"an array of {typeof(T).Name}"));

    private ImmutableArray<int> Integers(string key, GgufValue value) => value.ElementType switch
    {
        GgufValueType.Int32 => Elements<int>(key, value),
        GgufValueType.UInt8 => [.. Elements<byte>(key, value).Select(item => (int)item)],
        GgufValueType.Int8 => [.. Elements<sbyte>(key, value).Select(item => (int)item)],
        GgufValueType.UInt16 => [.. Elements<ushort>(key, value).Select(item => (int)item)],
        GgufValueType.Int16 => [.. Elements<short>(key, value).Select(item => (int)item)],
        GgufValueType.UInt32 => [.. Elements<uint>(key, value).Select(item => item <= int.MaxValue ? (int)item : throw Mismatch(key, value, "an array of Int32"))],
        _ => throw Mismatch(key, value, "an array of whole numbers"),
    };

    private GgufException Mismatch(string key, GgufValue value, string expected)
    {
        var given = value.Type == GgufValueType.Array ? $"an array of {value.ElementType}" : value.Type is GgufValueType.String ? "a string" : $"{value.Type} {value}";
        return new GgufException(path, $"the metadata key {GgufName.Printable(key)} should be {expected} and is {given}", "Convert the model again with a current converter.");
    }
}
