using Penstock.Models.Description;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Models.Tests.Gguf.Fuzzing;

/// <summary>Valid files to damage: every metadata type, whole models of both kinds of vocabulary, an adapter.</summary>
internal static class FuzzBases
{
    private const int Width = 32;

    /// <summary>Writes each, and reads its bytes.</summary>
    public static IReadOnlyList<byte[]> Make(TemporaryFolder folder)
    {
        var path = folder.File("base.gguf");
        var files = new List<byte[]>();
        SmallModelFile.Write(path);
        files.Add(File.ReadAllBytes(path));
        RandomModel.Write(path, Tiny);
        files.Add(File.ReadAllBytes(path));
        RandomModel.Write(path, Tiny with { Type = TensorType.F32, RopeFactors = true, TiedOutput = true, RopeScaling = RopeScaling.Yarn });
        files.Add(File.ReadAllBytes(path));
        Write(path, SentencePiece(), [new("token_embd.weight", TensorType.F32, [Width, 8]), new("output_norm.weight", TensorType.F32, [Width])]);
        files.Add(File.ReadAllBytes(path));
        Write(path, Adapter, [.. Pair("blk.0.attn_q.weight", TensorType.F32), .. Pair("blk.0.ffn_up.weight", TensorType.F16), .. Pair("output.weight", TensorType.Q8_0)]);
        files.Add(File.ReadAllBytes(path));
        return files;
    }

    private static RandomModelOptions Tiny => new()
    {
        Type = TensorType.Q8_0,
        LayerCount = 1,
        EmbeddingWidth = Width,
        HeadCount = 2,
        KvHeadCount = 1,
        FeedForwardWidth = Width,
        VocabularySize = 300,
    };

    private static KeyValuePair<string, GgufValue>[] Adapter =>
    [
        new("general.architecture", "llama"),
        new("general.type", "adapter"),
        new("adapter.type", "lora"),
        new("adapter.lora.alpha", 16f),
    ];

    private static IEnumerable<KeyValuePair<string, GgufValue>> SentencePiece()
    {
        string[] tokens = ["<unk>", "<s>", "</s>", "▁", "a", "b", "▁a", "ab", .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")];
        int[] kinds = [2, 3, 3, 1, 1, 1, 1, 1, .. Enumerable.Repeat(6, 256)];
        return
        [
            .. SmallModelFile.Metadata.Where(pair => !pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal) && !pair.Key.StartsWith("test.", StringComparison.Ordinal)),
            new("tokenizer.ggml.model", "llama"),
            new("tokenizer.ggml.tokens", tokens),
            new("tokenizer.ggml.token_type", kinds),
            new("tokenizer.ggml.scores", GgufValue.From(tokens.Select((_, index) => -(float)index).ToArray())),
            new("tokenizer.ggml.bos_token_id", 1u),
            new("tokenizer.ggml.eos_token_id", 2u),
            new("tokenizer.ggml.unknown_token_id", 0u),
            new("tokenizer.ggml.add_space_prefix", true),
            new("tokenizer.chat_template", RandomVocabulary.ChatMl),
        ];
    }

    private static GgufTensorLayout[] Pair(string target, TensorType type) => [new(target + ".lora_a", type, [Width, Width]), new(target + ".lora_b", type, [Width, Width])];

    private static void Write(string path, IEnumerable<KeyValuePair<string, GgufValue>> metadata, IReadOnlyList<GgufTensorLayout> tensors)
    {
        using var writer = GgufWriter.Create(path, metadata, tensors);
        foreach (var tensor in tensors)
        {
            // Small numbers in every type: a quantized block of 0x01 and 0x02 has a tiny scale.
            var bytes = new byte[tensor.ByteLength];
            if (tensor.Type == TensorType.F32)
                bytes.AsSpan().Fill(0x3d);
            else
                bytes.AsSpan().Fill(0x11);
            writer.Append(bytes);
        }

        writer.Complete();
    }
}
