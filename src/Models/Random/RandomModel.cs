using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Models.Random;

/// <summary>Writes a complete model of a decoder architecture whose weights are noise: for tests and benchmarks, where only the shape matters.</summary>
public static class RandomModel
{
    /// <summary>Writes the model, tensor by tensor; memory stays at a few MiB a core whatever the size.</summary>
    /// <param name="path">The target; replaced when the new file is complete.</param>
    /// <param name="options">The shape.</param>
    /// <param name="progress">Fractions from 0 to 1.</param>
    /// <exception cref="GgufException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">The shape makes no sense.</exception>
    public static void Write(string path, RandomModelOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(options);
        var layout = RandomTensors.Of(options);
        using var writer = GgufWriter.Create(path, RandomMetadata.Of(options), layout);
        var total = layout.Sum(tensor => tensor.ByteLength);
        var done = 0L;
        for (var i = 0; i < layout.Count; i++)
        {
            var noise = TensorNoise.For(layout[i], options, i);
            RowBatches.Run(layout[i].Type, layout[i].Shape[0], layout[i].Shape.Skip(1).Aggregate(1L, (rows, dimension) => rows * dimension), noise.Fill, bytes =>
            {
                writer.Append(bytes);
                done += bytes.Length;
                progress?.Report((double)done / total);
            }, cancellationToken);
        }

        writer.Complete();
    }

    private static void Check(RandomModelOptions options)
    {
        Require(options.LayerCount > 0 && options.EmbeddingWidth > 0 && options.FeedForwardWidth > 0 && options.HeadCount > 0 && options.ContextLength > 0, "Sizes must be positive.");
        Require(options.KvHeadCount > 0 && options.HeadCount % options.KvHeadCount == 0, "KvHeadCount must divide HeadCount.");
        Require(options.ResolvedHeadWidth > 0 && options.ResolvedHeadWidth % 2 == 0, "The head width must be even.");
        Require(
            options.VocabularySize >= RandomVocabulary.SmallestSize && options.VocabularySize <= RandomVocabulary.LargestSize,
            $"The vocabulary has {RandomVocabulary.SmallestSize} to {RandomVocabulary.LargestSize} tokens.");
        Require(options.RotatedWidth % 2 == 0 && options.ResolvedRotatedWidth <= options.ResolvedHeadWidth, "The rotated width must be even and at most the head's.");
        Require(options.ExpertCount >= 0 && (options.ResolvedExpertCount == 0 || (options.ExpertsUsed > 0 && options.ExpertsUsed <= options.ResolvedExpertCount)), "Of the experts at least one and at most all are used.");
        Require(options.RopeFactor >= 1 && float.IsFinite(options.RopeFactor), "The rotary factor is at least 1.");
        Require(TensorCodec.Supports(options.Type), $"{options.Type.Name()} is not written; {string.Join(", ", TensorCodec.Types)} are.");

        static void Require(bool sensible, string message)
        {
            if (!sensible)
                throw new ArgumentException(message, nameof(options));
        }
    }
}
