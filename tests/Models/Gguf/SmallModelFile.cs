using Penstock.Models.Gguf;

namespace Penstock.Models.Tests.Gguf;

/// <summary>A file of some 2 kB that has every metadata type and makes a model description.</summary>
internal static class SmallModelFile
{
    public static readonly KeyValuePair<string, GgufValue>[] Metadata =
    [
        new("general.architecture", "llama"),
        new("llama.context_length", 128u),
        new("llama.embedding_length", 32u),
        new("llama.block_count", GgufValue.From((ushort)2)),
        new("llama.attention.head_count", 4),
        new("llama.attention.head_count_kv", GgufValue.From(2UL)),
        new("llama.feed_forward_length", GgufValue.From(64L)),
        new("llama.attention.layer_norm_rms_epsilon", 1e-5f),
        new("llama.rope.freq_base", GgufValue.From(10_000.0)),
        new("tokenizer.ggml.tokens", new[] { "a", "", "é", "<|end|>" }),
        new("tokenizer.ggml.token_type", new[] { 1, 1, 1, 3 }),
        new("tokenizer.ggml.scores", new[] { 0.5f, -1, 2, float.MinValue }),
        new("tokenizer.ggml.add_bos_token", true),
        new("test.byte", GgufValue.From((byte)255)),
        new("test.sbyte", GgufValue.From((sbyte)-1)),
        new("test.short", GgufValue.From((short)-2)),
        new("test.bytes", GgufValue.From(new byte[] { 1, 2, 3 })),
        new("test.sbytes", GgufValue.From(new sbyte[] { -1, 2 })),
        new("test.ushorts", GgufValue.From(new ushort[] { 1, 65535 })),
        new("test.shorts", GgufValue.From(new short[] { -1 })),
        new("test.uints", GgufValue.From(new[] { 1u, 2u })),
        new("test.ulongs", GgufValue.From(new[] { ulong.MaxValue })),
        new("test.longs", GgufValue.From(new[] { long.MinValue })),
        new("test.doubles", GgufValue.From(new[] { double.Epsilon })),
        new("test.bools", GgufValue.From(new[] { true, false })),
        new("test.nothing", Array.Empty<string>()),
    ];

    public static readonly GgufTensorLayout[] Tensors =
    [
        new("token_embd.weight", TensorType.Q8_0, [32, 4]),
        new("output_norm.weight", TensorType.F32, [32]),
        new("cube", TensorType.F16, [3, 5, 7]),
    ];

    public static void Write(string path, IEnumerable<KeyValuePair<string, GgufValue>>? metadata = null, byte fill = 0)
    {
        using var writer = GgufWriter.Create(path, metadata ?? Metadata, Tensors);
        foreach (var tensor in Tensors)
            writer.Append(Bytes(tensor, fill));
        writer.Complete();
    }

    public static byte[] Bytes(GgufTensorLayout tensor, byte fill = 0)
    {
        var bytes = new byte[tensor.ByteLength];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i * 31 + tensor.Name.Length + fill);
        return bytes;
    }
}
