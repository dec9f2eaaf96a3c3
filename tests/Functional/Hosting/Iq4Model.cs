using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Functional.Tests.Hosting;

/// <summary>A model of noise whose matrices have a type (IQ4_NL) that the CPU engine refuses by name and llama.cpp computes.</summary>
internal static class Iq4Model
{
    private const int Block = 32;

    public static void Write(string path)
    {
        var plain = path + ".f16";
        RandomModel.Write(plain, new RandomModelOptions { Name = "iq4", Type = TensorType.F16 });
        using (var file = GgufFile.Open(plain))
        {
            var layout = file.Tensors.Select(tensor => new GgufTensorLayout(tensor.Name, tensor.Type == TensorType.F16 ? TensorType.IQ4_NL : tensor.Type, tensor.Shape)).ToList();
            using var writer = GgufWriter.Create(path, file.Metadata, layout);
            var random = new Random(1);
            foreach (var tensor in file.Tensors)
            {
                var bytes = new byte[tensor.ByteLength];
                file.Read(tensor, 0, bytes);
                writer.Append(tensor.Type == TensorType.F16 ? Noise(tensor.ElementCount, random) : bytes);
            }

            writer.Complete();
        }

        File.Delete(plain);
    }

    // A block is a half-precision scale and 32 indices of 4 bits.
    private static byte[] Noise(long elements, Random random)
    {
        using var blocks = new MemoryStream();
        Span<byte> indices = stackalloc byte[Block / 2];
        for (var block = 0; block < elements / Block; block++)
        {
            random.NextBytes(indices);
            blocks.Write(BitConverter.GetBytes((Half)0.002f));
            blocks.Write(indices);
        }

        return blocks.ToArray();
    }
}
