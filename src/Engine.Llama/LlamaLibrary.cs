using System.Runtime.InteropServices;
using Penstock.Engine.Llama.Native;

namespace Penstock.Engine.Llama;

/// <summary>llama.cpp's libraries in this process: found, loaded and checked once; all models share them. Thread-safe.</summary>
public static unsafe class LlamaLibrary
{
    /// <summary>The version whose structures this binding knows.</summary>
    public const string Version = "0.5.0";

    private const int GpuDevice = 1; // GGML_BACKEND_DEVICE_TYPE_GPU

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, nint> Handles = new(StringComparer.Ordinal);
    private static string? loaded;
    private static LlamaLibraryException? refused;
    private static bool resolving;

    /// <summary>Loads the libraries unless they are loaded already.</summary>
    /// <param name="folder">Where they are; null = where they are loaded from already, else where <see cref="LibraryFolder"/> finds them.</param>
    /// <exception cref="LlamaLibraryException">Missing, another version, or not loadable; nothing of them is called afterwards.</exception>
    public static void Load(string? folder = null)
    {
        lock (Gate)
        {
            if (loaded is not null && folder is null)
                return;
            if (refused is not null)
                throw refused;
            folder = LibraryFolder.Find(folder) ?? throw new LlamaLibraryException("llama.cpp's libraries are not installed.");
            if (loaded == folder)
                return;
            if (loaded is not null)
                throw new LlamaLibraryException($"llama.cpp is loaded from {loaded} already; one process cannot load it from {folder} too.");

            Open(folder);
            CheckLayout(folder);
            NativeLog.Attach();
            NativeMethods.LoadBackends(folder);
            NativeMethods.Initialize();
            if (NativeMethods.BackendByName("CPU") == 0)
                throw new LlamaLibraryException($"{folder} holds no CPU backend of llama.cpp for this processor.");
            loaded = folder;
        }
    }

    /// <summary>Where the libraries are loaded from; null before.</summary>
    internal static string? Folder => loaded;

    /// <summary>The library that a name of <see cref="NativeMethods"/> stands for, for other assemblies with entry points of their own; 0 for other names.</summary>
    internal static nint Handle(string name) => Handles.GetValueOrDefault(name);

    /// <summary>The first GPU that the loaded backends compute on, as they call it; null without one.</summary>
    internal static string? Gpu() => NativeMethods.DeviceByType(GpuDevice) is var device and not 0
        ? Marshal.PtrToStringUTF8((nint)NativeMethods.DeviceName(device))
        : null;

    // Entry points are bound to the library that they were first called in, so a process that met a wrong one keeps refusing.
    private static void CheckLayout(string folder)
    {
        try
        {
            LibraryLayout.Check(folder);
        }
        catch (LlamaLibraryException failure)
        {
            refused = failure;
            throw;
        }
    }

    // The libraries need each other by name, so those that are needed come first.
    private static void Open(string folder)
    {
        foreach (var name in (string[])[NativeMethods.GgmlBase, NativeMethods.Ggml, NativeMethods.Llama])
        {
            var file = LibraryFolder.Library(folder, name) ?? throw new LlamaLibraryException($"The library {name} of llama.cpp is not in {folder}.");
            try
            {
                Handles[name] = NativeLibrary.Load(file);
            }
            catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
            {
                throw new LlamaLibraryException($"{file} cannot be loaded: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')}.", failure);
            }
        }

        if (!resolving)
            NativeLibrary.SetDllImportResolver(typeof(LlamaLibrary).Assembly, static (name, _, _) => Handle(name));
        resolving = true;
    }
}
