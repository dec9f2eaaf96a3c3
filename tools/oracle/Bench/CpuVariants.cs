using System.Runtime.InteropServices;
using Penstock.Engine.Llama;
using Penstock.Engine.Llama.Native;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>
/// The builds of llama.cpp's CPU backend, one for each generation of processors. The library takes that with the highest score; which is
/// fastest differs with the work, so that the comparison tries others too. What was made with one goes on computing with it.
/// </summary>
internal static unsafe partial class CpuVariants
{
    private const string Prefix = "libggml-cpu-";

    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal);
    private static string? used;

    /// <summary>Those that this processor can run, the library's own choice first.</summary>
    public static IReadOnlyList<string> Usable()
    {
        var scored = from file in Directory.EnumerateFiles(Folder(), Prefix + "*.so")
                     let score = Score(file)
                     where score > 0
                     orderby score descending, file
                     select Path.GetFileNameWithoutExtension(file)[Prefix.Length..];
        return [.. scored];
    }

    /// <summary>Models and contexts that are made from now on compute with this one.</summary>
    public static void Use(string variant)
    {
        if (used == variant)
            return;
        var file = Path.Combine(Folder(), $"{Prefix}{variant}.so");

        // Held by a handle of ours, so that unloading only takes it off the list of backends.
        if (Kept.Add(variant))
            NativeLibrary.Load(file);
        if (used is null)
            KeepLoaded();
        if (NativeMethods.BackendByName("CPU") is var current and not 0)
            Unload(current);
        if (Load(file) == 0)
            throw new InvalidOperationException($"llama.cpp does not load its CPU backend {variant}.");
        used = variant;
    }

    // The backend that the library chose when it was loaded.
    private static void KeepLoaded()
    {
        foreach (var variant in Usable().Where(Kept.Add))
            NativeLibrary.Load(Path.Combine(Folder(), $"{Prefix}{variant}.so"));
    }

    private static int Score(string file)
    {
        var library = NativeLibrary.Load(file);
        return NativeLibrary.TryGetExport(library, "ggml_backend_score", out var score) ? ((delegate* unmanaged[Cdecl]<int>)score)() : 0;
    }

    private static string Folder() => LlamaLibrary.Folder ?? throw new InvalidOperationException("llama.cpp's libraries are not loaded.");

    [LibraryImport(NativeMethods.Ggml, EntryPoint = "ggml_backend_load", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Load(string path);

    [LibraryImport(NativeMethods.Ggml, EntryPoint = "ggml_backend_unload")]
    private static partial void Unload(nint backend);
}
