using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Models.Random;

/// <summary>Writes a LoRA adapter of noise for a model: for tests and benchmarks, where only the shape matters.</summary>
public static class RandomAdapter
{
    /// <summary>The adapter changes all matrices but the embedding, or those that the options name.</summary>
    /// <param name="path">The target; replaced when the new file is complete.</param>
    /// <param name="model">The base.</param>
    /// <param name="options">Rank and the rest.</param>
    /// <exception cref="GgufException">The file cannot be written.</exception>
    public static void Write(string path, GgufFile model, RandomAdapterOptions options)
    {
        var targets = model.Tensors.Where(tensor => tensor.Shape.Count == 2 && tensor.Name.EndsWith(".weight", StringComparison.Ordinal)
            && tensor.Name != "token_embd.weight" && options.Changes(tensor.Name)).ToList();
        var layout = targets.SelectMany(target => (GgufTensorLayout[])
        [
            new($"{target.Name}.lora_a", Fitting(options.Type, target.Shape[0]), [target.Shape[0], options.Rank]),
            new($"{target.Name}.lora_b", Fitting(options.Type, options.Rank), [options.Rank, target.Shape[1]]),
        ]).ToList();
        using var writer = GgufWriter.Create(path, Metadata(model, options), layout);
        for (var i = 0; i < layout.Count; i++)
            writer.Append(Noise(layout[i], options, i));
        writer.Complete();
    }

    private static TensorType Fitting(TensorType type, long columns) => columns % type.BlockElements() == 0 ? type : TensorType.F16;

    // Both factors keep the size of what goes in, so at alpha = rank and scale 1 an adapter adds as much as the matrix itself gives.
    private static byte[] Noise(GgufTensorLayout tensor, RandomAdapterOptions options, int index)
    {
        var noise = new TensorNoise(SplitMix64.Mix(options.Seed) ^ SplitMix64.Mix((ulong)index + 1), 0, 1 / MathF.Sqrt(tensor.Shape[0]), null);
        var values = new float[tensor.Shape[0] * tensor.Shape[1]];
        for (var row = 0; row < tensor.Shape[1]; row++)
            noise.Fill(row, values.AsSpan(row * (int)tensor.Shape[0], (int)tensor.Shape[0]));
        var bytes = new byte[tensor.ByteLength];
        TensorCodec.Quantize(tensor.Type, values, bytes);
        return bytes;
    }

    private static KeyValuePair<string, GgufValue>[] Metadata(GgufFile model, RandomAdapterOptions options) =>
    [
        new("general.architecture", model.Metadata.String("general.architecture")),
        new("general.type", "adapter"),
        new("general.name", "random adapter"),
        new("adapter.type", "lora"),
        new("adapter.lora.alpha", options.Alpha),
    ];
}
