using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Penstock.Engine.Llama;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;
using Penstock.Models.Random;

namespace Penstock.Tools.Oracle.Quantization;

/// <summary><c>oracle codecs</c>: records how ggml reads blocks of each type, and how large its rounding errors are.</summary>
internal static class CodecsCommand
{
    private const int Blocks = 200;
    private const string Tensor = "blk.1.ffn_down.weight";

    private static readonly RandomModelOptions Model = new() { Seed = 77, EmbeddingWidth = 128, HeadCount = 4, KvHeadCount = 2, FeedForwardWidth = 512 };
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(Option<string?> libraries)
    {
        var root = new Argument<string>("repository") { Description = "The repository's root folder" };
        var command = new Command("codecs", "Record how ggml reads and writes blocks of each type") { root };
        command.SetAction(result =>
        {
            LlamaLibrary.Load(result.GetValue(libraries));
            var noise = Noise();
            var types = TensorCodec.Types.Where(type => type.BlockElements() > 1).ToDictionary(type => type.Name(), type => Record(type, noise));
            var fixture = new
            {
                About = "Random blocks, the first 8 bytes of SHA-256 over the floats that ggml 0.5.0 (npm @node-llama-cpp/linux-x64 3.22.1) reads from each, SHA-256 of what it stores for one tensor of a random model, and the relative RMS error of that. Recorded by 'oracle codecs'.",
                Model,
                Tensor,
                Types = types,
            };
            File.WriteAllText(Path.Combine(result.GetValue(root)!, "tests", "Models", "Quantization", "ggml-blocks.json"), JsonSerializer.Serialize(fixture, Json) + "\n");
        });
        return command;
    }

    private static object Record(TensorType type, float[] noise)
    {
        var bytes = RandomBlocks(type);
        var values = GgmlCodec.Dequantize(type, bytes);
        var hashes = values.Chunk(type.BlockElements()).Select(block => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(block.AsSpan())).AsSpan(0, 8)));
        var stored = GgmlCodec.Quantize(type, noise, Model.FeedForwardWidth);
        return new
        {
            Blocks = Convert.ToBase64String(bytes),
            Values = hashes.ToArray(),
            Stored = Convert.ToHexStringLower(SHA256.HashData(stored)),
            Error = RelativeError(noise, GgmlCodec.Dequantize(type, stored)),
        };
    }

    /// <summary>Any bits are a block, but for scales that are not finite: exponents with all bits set lose one.</summary>
    private static byte[] RandomBlocks(TensorType type)
    {
        var random = new Random((int)type);
        var bytes = new byte[type.BlockBytes() * Blocks];
        random.NextBytes(bytes);
        int[] halves = type switch
        {
            TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K => [0, 2],
            TensorType.Q2_K => [80, 82],
            TensorType.Q3_K => [108],
            TensorType.Q6_K => [208],
            _ => [0],
        };
        for (var block = 0; block < Blocks; block++)
        {
            foreach (var half in halves)
                bytes[(block * type.BlockBytes()) + half + 1] &= 0xBF;
        }

        return bytes;
    }

    private static float[] Noise()
    {
        var path = Path.GetTempFileName();
        try
        {
            RandomModel.Write(path, Model);
            using var file = GgufFile.Open(path);
            var tensor = file.Find(Tensor)!;
            var values = new float[tensor.ElementCount];
            file.Read(tensor, 0, MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }
        finally
        {
            File.Delete(path);
        }
    }

    internal static double RelativeError(ReadOnlySpan<float> exact, ReadOnlySpan<float> rounded)
    {
        double error = 0, square = 0;
        for (var i = 0; i < exact.Length; i++)
        {
            error += Math.Pow(exact[i] - rounded[i], 2);
            square += Math.Pow(exact[i], 2);
        }

        return Math.Sqrt(error / square);
    }
}
