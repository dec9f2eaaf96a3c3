using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Penstock.Engine.Llama.Native;

/// <summary>
/// Proof that the loaded libraries are the build whose structures this binding lays down by offset. A wrong layout would be a
/// segmentation fault or nonsense, so the raw bytes of the structures' defaults must be exactly those of the known build.
/// </summary>
internal static unsafe class LibraryLayout
{
    // Bytes that the compiler leaves undefined between and behind fields are not compared.
    private static readonly (string Name, int[] Padding, int Length, string Digest)[] Known =
    [
        ("llama_model_params", [36, 37, 38, 39], 78, "553846c9bd33453e"),
        ("llama_context_params", [134, 135], 160, "5e8b6da4d113e1fd"),
        ("ggml_threadpool_params", [], 526, "db4c4f6c6c090d39"),
    ];

    /// <summary>Compares; nothing else of the libraries may be called before.</summary>
    public static void Check(string folder)
    {
        string? version;
        try
        {
            version = Marshal.PtrToStringUTF8((nint)NativeMethods.Version());
        }
        catch (EntryPointNotFoundException older)
        {
            throw new LlamaLibraryException($"The libraries in {folder} are an older llama.cpp than {LlamaLibrary.Version}.", older);
        }

        // Released builds of the version call themselves 0.5.0-dev.
        if (version != LlamaLibrary.Version && version?.StartsWith($"{LlamaLibrary.Version}-", StringComparison.Ordinal) != true)
            throw new LlamaLibraryException($"The libraries in {folder} are llama.cpp {version}.");

        RawDefaults[] defaults = [RawDefaults.OfModel(), RawDefaults.OfContext(), RawDefaults.OfThreadPool(1)];
        for (var i = 0; i < defaults.Length; i++)
        {
            var (name, padding, length, digest) = Known[i];
            if (Digest(defaults[i].Bytes[..length], padding) != digest)
                throw new LlamaLibraryException($"The libraries in {folder} call themselves llama.cpp {version}, but {name} is laid out differently there.");
        }
    }

    internal static string Digest(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> padding)
    {
        var defined = bytes.ToArray();
        foreach (var undefined in padding)
            defined[undefined] = 0;
        return Convert.ToHexStringLower(SHA256.HashData(defined).AsSpan(0, 8));
    }
}
