using Penstock.Models.Adapters;
using Penstock.Models.Gguf;
using Penstock.Models.Quantization;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>A model whose weights have taken an adapter in: <c>W + scale·B·A</c> in double precision, rounded once.</summary>
internal static class MergedModel
{
    public static void Write(string path, GgufFile model, LoraFile adapter, float scale)
    {
        using var writer = GgufWriter.Create(path, model.Metadata, [.. model.Tensors.Select(tensor => new GgufTensorLayout(tensor.Name, tensor.Type, tensor.Shape))]);
        foreach (var tensor in model.Tensors)
        {
            var bytes = new byte[tensor.ByteLength];
            model.Read(tensor, 0, bytes);
            if (adapter.Pairs.FirstOrDefault(pair => pair.Target == tensor.Name) is { } pair)
                Merge(tensor, bytes, pair, adapter.Read(pair.A), adapter.Read(pair.B), scale);
            writer.Append(bytes);
        }

        writer.Complete();
    }

    private static void Merge(GgufTensor tensor, byte[] bytes, LoraPair pair, float[] a, float[] b, float scale)
    {
        var weights = new float[tensor.ElementCount];
        TensorCodec.Dequantize(tensor.Type, bytes, weights);
        for (var row = 0; row < pair.Outputs; row++)
        {
            for (var column = 0; column < pair.Inputs; column++)
            {
                double sum = 0;
                for (var j = 0; j < pair.Rank; j++)
                    sum += (double)b[(row * pair.Rank) + j] * a[(j * pair.Inputs) + column];
                weights[(row * pair.Inputs) + column] += (float)(pair.Scale * scale * sum);
            }
        }

        TensorCodec.Quantize(tensor.Type, weights, bytes);
    }
}
