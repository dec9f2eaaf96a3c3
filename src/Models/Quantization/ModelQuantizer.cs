using Penstock.Models.Gguf;
using Penstock.Models.Quantization.Mixes;

namespace Penstock.Models.Quantization;

/// <summary>Rewrites a model with its matrices in smaller types. Everything else is copied as it is.</summary>
/// <remarks>Norms, biases, rotary factors and expert gates keep their type: they are small and the model is sensitive to them.</remarks>
public static class ModelQuantizer
{
    /// <summary>ggml's <c>GGML_QNT_VERSION</c>.</summary>
    internal const uint QuantizationVersion = 2;

    /// <summary>Writes <paramref name="source"/> to <paramref name="targetPath"/>; all cores work, and memory stays at a few MiB a core.</summary>
    /// <param name="source">The model.</param>
    /// <param name="targetPath">Replaced when the new file is complete; a kill leaves it as it was.</param>
    /// <param name="options">What the matrices become, and how.</param>
    /// <param name="progress">Fractions from 0 to 1.</param>
    /// <exception cref="GgufException">
    /// A matrix has a type that cannot be read or is quantized already, has weights that are not finite or too large, the importance
    /// matrix belongs to another model, or the target cannot be written.
    /// </exception>
    public static QuantizationReport Quantize(
        GgufFile source, string targetPath, QuantizationOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var plan = Plan(source, options);
        using var writer = GgufWriter.Create(targetPath, Metadata(source, options.Mix), plan);
        var converter = new TensorConverter(source, options.Importance);
        var total = plan.Sum(tensor => tensor.ByteLength);
        var done = 0L;
        for (var i = 0; i < plan.Length; i++)
        {
            converter.Convert(source.Tensors[i], plan[i].Type, bytes =>
            {
                writer.Append(bytes);
                done += bytes.Length;
                progress?.Report((double)done / total);
            }, cancellationToken);
        }

        writer.Complete();
        var baseType = options.Mix.BaseType();
        return new QuantizationReport(
            source.Tensors.Zip(plan).Count(pair => pair.First.Type != pair.Second.Type),
            plan.Where(tensor => QuantizableTensors.Contains(tensor.Name, tensor.Shape) && tensor.Shape[0] % baseType.BlockElements() != 0).Select(tensor => tensor.Name).ToArray(),
            source.Length,
            new FileInfo(targetPath).Length);
    }

    private static GgufTensorLayout[] Plan(GgufFile source, QuantizationOptions options)
    {
        var traits = ModelTraits.Of(source.Metadata, [.. source.Tensors.Select(tensor => tensor.Name)]);
        var matrices = source.Tensors.Where(tensor => QuantizableTensors.Contains(tensor.Name, tensor.Shape)).Select(tensor => (tensor.Name, tensor.Shape[0]));
        var types = MixPlan.Types(options.Mix, traits, options.Importance is not null, matrices);
        return [.. source.Tensors.Select(tensor => new GgufTensorLayout(tensor.Name, types.TryGetValue(tensor.Name, out var type) ? Checked(tensor, type) : tensor.Type, tensor.Shape))];

        TensorType Checked(GgufTensor tensor, TensorType type)
        {
            // What stands in for a type that does not fit loses nothing by staying as it is.
            if (type == tensor.Type || (type == TensorType.F16 && tensor.Type == TensorType.BF16 && options.Mix != QuantizationMix.F16))
                return tensor.Type;
            if (!TensorCodec.Supports(tensor.Type))
            {
                throw new GgufException(
                    source.Path, $"the tensor {GgufName.Printable(tensor.Name)} is stored as {tensor.Type.Name()}, which cannot be read", "Start from the F32, F16 or BF16 form of the model.");
            }

            if (tensor.Type.BlockElements() > 1 && !options.AllowRequantize)
            {
                throw new GgufException(
                    source.Path,
                    $"the tensor {GgufName.Printable(tensor.Name)} is quantized already, as {tensor.Type.Name()}, and a second rounding adds to the first",
                    "Start from the F32, F16 or BF16 form of the model, or allow it with --allow-requantize.");
            }

            return type;
        }
    }

    private static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(GgufFile source, QuantizationMix mix)
    {
        var overrides = new Dictionary<string, GgufValue>(StringComparer.Ordinal)
        {
            ["general.file_type"] = (uint)mix,
            ["general.quantization_version"] = QuantizationVersion,
        };
        foreach (var (key, value) in source.Metadata)
            yield return new(key, overrides.Remove(key, out var replacement) ? replacement : value);
        foreach (var added in overrides)
            yield return added;
    }
}
