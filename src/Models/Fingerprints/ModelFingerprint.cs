using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Penstock.Models.Gguf;

namespace Penstock.Models.Fingerprints;

/// <summary>
/// A name for exactly what a model file computes: SHA-256 over every tensor's digest, name, type and shape, and over all metadata that
/// changes an answer (architecture and tokenizer with its chat template).
/// </summary>
/// <remarks>
/// The order of keys and tensors, padding, alignment and the describing <c>general.*</c> keys (name, author, file type) do not count: a
/// rewritten file with the same content keeps its fingerprint. Who serves the model appends what it adds: engine path, KV type, adapters.
/// </remarks>
public static class ModelFingerprint
{
    private const string Domain = "penstock model fingerprint 1\n";

    // Tensors are hashed in pieces, so that one large tensor does not keep one core busy while the others wait.
    private const int PieceBytes = 16 << 20;

    /// <summary>Reads all weights once, on all cores.</summary>
    /// <param name="progress">Fractions from 0 to 1; reported from several threads, possibly out of order.</param>
    /// <exception cref="GgufException">The file cannot be read, or was cut since it was opened.</exception>
    /// <returns><c>sha256:</c> and the digest's first 32 hexadecimal digits: 128 bits tell files apart and fit on a line.</returns>
    public static string Compute(GgufFile file, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var digests = HashTensors(file, progress, cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Domain);
        foreach (var (key, value) in file.Metadata.Where(pair => ChangesAnswers(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Append(hash, key);
            Append(hash, value);
        }

        foreach (var tensor in file.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            Append(hash, tensor.Name);
            Append(hash, $"{tensor.Type.Name()} {string.Join('x', tensor.Shape)}");
            hash.AppendData(digests[tensor.Name]);
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>Whether a key of the metadata does more than describe.</summary>
    internal static bool ChangesAnswers(string key) => key == "general.architecture" || !key.StartsWith("general.", StringComparison.Ordinal);

    private static Dictionary<string, byte[]> HashTensors(GgufFile file, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var pieces = (from tensor in file.Tensors
                      from at in Pieces(tensor.ByteLength)
                      select (Tensor: tensor, At: at)).ToArray();
        var digests = new byte[pieces.Length][];
        var total = Math.Max(1, file.Tensors.Sum(tensor => tensor.ByteLength));
        var done = 0L;
        try
        {
            Parallel.For(0, pieces.Length, new ParallelOptions { CancellationToken = cancellationToken }, () => ArrayPool<byte>.Shared.Rent(1 << 20), (i, _, buffer) =>
            {
                var (tensor, at) = pieces[i];
                var end = Math.Min(tensor.ByteLength, at + PieceBytes);
                digests[i] = HashRange(file, tensor, at, end, buffer);
                progress?.Report((double)Interlocked.Add(ref done, end - at) / total);
                return buffer;
            }, static buffer => ArrayPool<byte>.Shared.Return(buffer));
        }
        catch (AggregateException error) when (error.InnerException is GgufException fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return pieces.Zip(digests)
            .GroupBy(piece => piece.First.Tensor.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => SHA256.HashData(group.SelectMany(piece => piece.Second).ToArray()), StringComparer.Ordinal);
    }

    private static IEnumerable<long> Pieces(long length)
    {
        for (var at = 0L; at < length; at += PieceBytes)
            yield return at;
    }

    private static byte[] HashRange(GgufFile file, GgufTensor tensor, long at, long end, byte[] buffer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (at < end)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at));
            file.Read(tensor, at, part);
            hash.AppendData(part);
            at += part.Length;
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Adds a value with its type, so that no two different values make the same bytes.</summary>
    internal static void Append(IncrementalHash hash, GgufValue value)
    {
        Append(hash, $"{value.Type} {value.ElementType} {value.Count}");
        if (value.Content is string[] texts)
        {
            foreach (var text in texts)
                Append(hash, text);
        }
        else if (value.Content is Array items)
        {
            foreach (var item in items)
                Append(hash, Convert.ToString(item, CultureInfo.InvariantCulture)!);
        }
        else
        {
            Append(hash, Convert.ToString(value.Content, CultureInfo.InvariantCulture)!);
        }
    }

    /// <summary>Adds a text behind its length, so that no two different lists of texts make the same bytes.</summary>
    internal static void Append(IncrementalHash hash, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
