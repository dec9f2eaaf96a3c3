namespace Penstock.Models.Gguf;

/// <summary>Sizes of <see cref="TensorType"/>: values come in blocks, and a row is a whole number of blocks.</summary>
public static class TensorTypes
{
    /// <summary>Whether Penstock knows the layout of this type; a file may name any number.</summary>
    public static bool IsKnown(this TensorType type) => Layout(type).Bytes > 0;

    /// <summary>Values in a block.</summary>
    public static int BlockElements(this TensorType type) => Known(type).Elements;

    /// <summary>Bytes of a block.</summary>
    public static int BlockBytes(this TensorType type) => Known(type).Bytes;

    /// <summary>Bytes of <paramref name="elements"/> values, which must be whole blocks.</summary>
    public static long ByteLength(this TensorType type, long elements)
    {
        var (blockElements, blockBytes) = Known(type);
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        ArgumentOutOfRangeException.ThrowIfNotEqual(elements % blockElements, 0);
        return checked(elements / blockElements * blockBytes);
    }

    /// <summary>The name that people use: <c>Q8_0</c>; for a number that is not known, <c>type 99</c>.</summary>
    public static string Name(this TensorType type) => IsKnown(type) ? type.ToString() : $"type {(int)type}";

    /// <summary>The type of that name, whatever its case.</summary>
    public static bool TryParse(string name, out TensorType type) =>
        Enum.TryParse(name, ignoreCase: true, out type) && !char.IsAsciiDigit(name[0]) && IsKnown(type);

    private static (int Elements, int Bytes) Known(TensorType type)
    {
        var layout = Layout(type);
        return layout.Bytes > 0 ? layout : throw new ArgumentOutOfRangeException(nameof(type), type, "Not a known tensor type.");
    }

    // ggml's type traits: (values in a block, bytes of a block).
    private static (int Elements, int Bytes) Layout(TensorType type) => type switch
    {
        TensorType.F32 => (1, 4),
        TensorType.F16 => (1, 2),
        TensorType.Q4_0 => (32, 18),
        TensorType.Q4_1 => (32, 20),
        TensorType.Q5_0 => (32, 22),
        TensorType.Q5_1 => (32, 24),
        TensorType.Q8_0 => (32, 34),
        TensorType.Q8_1 => (32, 36),
        TensorType.Q2_K => (256, 84),
        TensorType.Q3_K => (256, 110),
        TensorType.Q4_K => (256, 144),
        TensorType.Q5_K => (256, 176),
        TensorType.Q6_K => (256, 210),
        TensorType.Q8_K => (256, 292),
        TensorType.IQ2_XXS => (256, 66),
        TensorType.IQ2_XS => (256, 74),
        TensorType.IQ3_XXS => (256, 98),
        TensorType.IQ1_S => (256, 50),
        TensorType.IQ4_NL => (32, 18),
        TensorType.IQ3_S => (256, 110),
        TensorType.IQ2_S => (256, 82),
        TensorType.IQ4_XS => (256, 136),
        TensorType.I8 => (1, 1),
        TensorType.I16 => (1, 2),
        TensorType.I32 => (1, 4),
        TensorType.I64 => (1, 8),
        TensorType.F64 => (1, 8),
        TensorType.IQ1_M => (256, 56),
        TensorType.BF16 => (1, 2),
        TensorType.TQ1_0 => (256, 54),
        TensorType.TQ2_0 => (256, 66),
        TensorType.MXFP4 => (32, 17),
        TensorType.NVFP4 => (64, 36),
        TensorType.Q1_0 => (128, 18),
        TensorType.Q2_0 => (64, 18),
        _ => (0, 0),
    };
}
