using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Tools.Oracle.Interop;

/// <summary>Finds and starts the llama.cpp libraries of the npm package, and checks that they are the build whose layouts we know.</summary>
internal static unsafe class LlamaLibrary
{
    /// <summary>What is missing, when something is.</summary>
    private const string Remedy = "run 'npm ci --ignore-scripts' in tools/oracle, or give the folder with --libraries or PENSTOCK_LLAMA_LIBRARIES";

    /// <summary>Loads the libraries; once a process.</summary>
    /// <param name="folder">Where they are; null: as npm unpacks them in tools/oracle, or what PENSTOCK_LLAMA_LIBRARIES says.</param>
    public static void Load(string? folder)
    {
        folder = Path.GetFullPath(folder ?? Environment.GetEnvironmentVariable("PENSTOCK_LLAMA_LIBRARIES") ?? Unpacked());
        if (!File.Exists(Path.Combine(folder, "libllama.v0.5.0.so")))
            throw new FileNotFoundException($"The libraries of llama.cpp 0.5.0 are not in {folder}; {Remedy}.");

        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name switch
        {
            NativeMethods.Llama => NativeLibrary.Load(Path.Combine(folder, "libllama.v0.5.0.so")),
            NativeMethods.Ggml => NativeLibrary.Load(Path.Combine(folder, "libggml.v0.5.0.so")),
            NativeMethods.GgmlBase => NativeLibrary.Load(Path.Combine(folder, "libggml-base.so")),
            _ => 0,
        });
        NativeMethods.SetLog(&Log, null);
        NativeMethods.LoadBackends(folder);
        NativeMethods.Initialize();
        if (!NativeMethods.DefaultModelParameters().LooksRight || !NativeMethods.DefaultContextParameters().LooksRight)
            throw new InvalidOperationException($"The libraries in {folder} have other parameter structures than version 0.5.0; {Remedy}.");
    }

    /// <summary>A pool of threads that wait for work. Without one every decode starts threads of its own.</summary>
    public static nint CreateThreadPool(int threads)
    {
        var create = (delegate* unmanaged<ThreadPoolParameters*, nint>)NativeMethods.BackendFunction(NativeMethods.BackendByName("CPU"), "ggml_threadpool_new");
        var parameters = new ThreadPoolParameters { Threads = threads, Poll = 50 };
        return create(&parameters);
    }

    private static string Unpacked()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Penstock.slnx")))
                return Path.Combine(folder.FullName, "tools", "oracle", "node_modules", "@node-llama-cpp", "linux-x64", "bins", "linux-x64");
        }

        throw new DirectoryNotFoundException($"The oracle runs outside the repository; {Remedy}.");
    }

    /// <summary>Errors only (level 4 of ggml's); what it is doing is of no interest here.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Log(int level, byte* text, void* state)
    {
        if (level == 4)
            Console.Error.Write(Marshal.PtrToStringUTF8((nint)text));
    }
}
