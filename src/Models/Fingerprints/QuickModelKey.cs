using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Penstock.Models.Gguf;

namespace Penstock.Models.Fingerprints;

/// <summary>
/// A quick identity of a model's weights, to tell whose KV a saved state is: names, types, shapes and the first bytes of every tensor.
/// Not a <see cref="ModelFingerprint"/>: it does not read all weights.
/// </summary>
public static class QuickModelKey
{
    private const int SampleBytes = 256;

    public static ulong Compute(GgufFile file)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> sample = stackalloc byte[SampleBytes];
        foreach (var tensor in file.Tensors)
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name}:{tensor.Type}:{string.Join(',', tensor.Shape)};"));
            var read = sample[..(int)Math.Min(SampleBytes, tensor.ByteLength)];
            file.Read(tensor, 0, read);
            digest.AppendData(read);
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(digest.GetHashAndReset());
    }
}
