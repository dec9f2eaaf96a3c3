using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.Engine.Llama.Native;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Llama.Contexts;

/// <summary>A model as llama.cpp loads it. Stays alive while a context uses it, even when disposed before.</summary>
internal sealed unsafe class LlamaModel : IDisposable
{
    private LlamaModel(ModelHandle handle)
    {
        Handle = handle;
        VocabularySize = NativeMethods.TokenCount(NativeMethods.Vocabulary(handle));
    }

    public ModelHandle Handle { get; }

    public int VocabularySize { get; }

    /// <summary>Width of a hidden state.</summary>
    public int EmbeddingWidth => NativeMethods.EmbeddingWidth(Handle);

    /// <summary>The context that it was trained for.</summary>
    public int TrainedContext => NativeMethods.TrainedContext(Handle);

    /// <summary>About how many bytes of keys and values a token takes as F16, whatever the architecture: heads of the usual width where the file names no other.</summary>
    public long KvBytesPerToken(GgufMetadata metadata)
    {
        var architecture = metadata.StringOrDefault("general.architecture");
        var usual = (uint)(NativeMethods.ModelWidth(Handle) / Math.Max(1, NativeMethods.HeadCount(Handle)));
        var widths = metadata.UInt32OrDefault($"{architecture}.attention.key_length", usual) + (long)metadata.UInt32OrDefault($"{architecture}.attention.value_length", usual);
        return Math.Max(1, 2L * NativeMethods.LayerCount(Handle) * Math.Max(1, NativeMethods.KvHeadCount(Handle)) * widths);
    }

    /// <summary>Loads a file.</summary>
    /// <param name="path">A GGUF file.</param>
    /// <param name="gpuLayers">Layers to keep on a GPU; negative = all of them.</param>
    /// <param name="vocabularyOnly">Leave the weights alone.</param>
    /// <param name="repack">Let the library lay weights out anew for the processor.</param>
    /// <param name="progress">Told the fraction loaded, 0 to 1.</param>
    /// <exception cref="LlamaLibraryException">The libraries are missing or of another version.</exception>
    /// <exception cref="GgufException">llama.cpp refuses the file; the message has its reason.</exception>
    public static LlamaModel Open(string path, int gpuLayers = -1, bool vocabularyOnly = false, bool repack = true, IProgress<double>? progress = null)
    {
        LlamaLibrary.Load();
        NativeLog.Clear();
        var parameters = NativeMethods.DefaultModelParameters();
        parameters.GpuLayers = gpuLayers;
        parameters.VocabularyOnly = vocabularyOnly ? (byte)1 : (byte)0;
        parameters.CheckTensors = 1;
        parameters.Repack = repack ? (byte)1 : (byte)0;
        var told = progress is null ? default : GCHandle.Alloc(progress);
        try
        {
            if (progress is not null)
            {
                parameters.Progress = &Report;
                parameters.ProgressState = (void*)GCHandle.ToIntPtr(told);
            }

            var handle = new ModelHandle(NativeMethods.LoadModel(path, parameters));
            return !handle.IsInvalid
                ? new LlamaModel(handle)
                : throw new GgufException(path, $"llama.cpp does not load it: {NativeLog.Take("it gives no reason")}", "Use a model that llama.cpp supports, or convert it again with a current converter.");
        }
        finally
        {
            if (told.IsAllocated)
                told.Free();
        }
    }

    /// <summary>Why the engine cannot run it, or null: it needs a decoder whose sequences can be cut and shared at any token.</summary>
    public string? Unfit() =>
        !NativeMethods.HasDecoder(Handle) || NativeMethods.HasEncoder(Handle) ? "it is not a decoder-only model"
        : NativeMethods.IsDiffusion(Handle) ? "it is a diffusion model"
        : NativeMethods.IsRecurrent(Handle) || NativeMethods.IsHybrid(Handle) ? "its state is recurrent, so that a sequence cannot be cut or shared at a token"
        : null;

    public void Dispose() => Handle.Dispose();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte Report(float fraction, void* state)
    {
        ((IProgress<double>)GCHandle.FromIntPtr((nint)state).Target!).Report(fraction);
        return 1;
    }
}
