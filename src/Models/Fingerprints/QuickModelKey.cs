using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Penstock.Models.Gguf;

namespace Penstock.Models.Fingerprints;

/// <summary>
/// A quick identity of what a model computes of tokens, to tell whose KV a saved state is: the metadata but for the tokenizer's, and names, types,
/// shapes and the first bytes of every tensor. Not a <see cref="ModelFingerprint"/>: it does not read all weights.
/// </summary>
public static class QuickModelKey
{
    private const int SampleBytes = 256;

    public static ulong Compute(GgufFile file)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in file.Metadata.Where(pair => Counts(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            ModelFingerprint.Append(digest, key);
            ModelFingerprint.Append(digest, value);
        }

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

    // A base of rotations or a scale changes keys and values as a weight does; a vocabulary does not, and is long.
    private static bool Counts(string key) => ModelFingerprint.ChangesAnswers(key) && !key.StartsWith("tokenizer.", StringComparison.Ordinal);
}
