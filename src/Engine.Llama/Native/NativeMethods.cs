using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Penstock.Engine.Llama.Native;

/// <summary>
/// The part of llama.cpp's C API that Penstock calls, as of <see cref="LlamaLibrary.Version"/>. Nothing here checks anything: only
/// <see cref="Contexts"/> and <see cref="LlamaLibrary"/> call it, and they let nothing through that the library answers by ending the process.
/// </summary>
internal static unsafe partial class NativeMethods
{
    public const string Llama = "llama";
    public const string Ggml = "ggml";
    public const string GgmlBase = "ggml-base";

    [LibraryImport(Llama, EntryPoint = "llama_version")]
    public static partial byte* Version();

    [LibraryImport(Llama, EntryPoint = "llama_backend_init")]
    public static partial void Initialize();

    [LibraryImport(Llama, EntryPoint = "llama_log_set")]
    public static partial void SetLog(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* state);

    [LibraryImport(Llama, EntryPoint = "llama_max_parallel_sequences")]
    public static partial nuint MaxSequences();

    [LibraryImport(Llama, EntryPoint = "llama_model_default_params")]
    public static partial ModelParameters DefaultModelParameters();

    [LibraryImport(Llama, EntryPoint = "llama_model_load_from_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint LoadModel(string path, ModelParameters parameters);

    [LibraryImport(Llama, EntryPoint = "llama_model_free")]
    public static partial void FreeModel(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_model_get_vocab")]
    public static partial nint Vocabulary(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_n_tokens")]
    public static partial int TokenCount(nint vocabulary);

    /// <summary>Negative = none.</summary>
    [LibraryImport(Llama, EntryPoint = "llama_vocab_bos")]
    public static partial int BosToken(nint vocabulary);

    /// <inheritdoc cref="BosToken"/>
    [LibraryImport(Llama, EntryPoint = "llama_vocab_eos")]
    public static partial int EosToken(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_get_add_bos")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool AddsBos(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_is_eog")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool EndsGeneration(nint vocabulary, int token);

    /// <summary>The bits of <c>llama_token_attr</c>.</summary>
    [LibraryImport(Llama, EntryPoint = "llama_vocab_get_attr")]
    public static partial int TokenAttributes(nint vocabulary, int token);

    /// <summary>Negative = that many tokens are wanted.</summary>
    [LibraryImport(Llama, EntryPoint = "llama_tokenize")]
    public static partial int Tokenize(
        nint vocabulary, byte* text, int length, int* tokens, int capacity, [MarshalAs(UnmanagedType.U1)] bool addSpecial, [MarshalAs(UnmanagedType.U1)] bool parseSpecial);

    /// <summary>Bytes written, or negative.</summary>
    [LibraryImport(Llama, EntryPoint = "llama_token_to_piece")]
    public static partial int TokenToPiece(nint vocabulary, int token, byte* buffer, int capacity, int stripped, [MarshalAs(UnmanagedType.U1)] bool special);

    [LibraryImport(Llama, EntryPoint = "llama_model_n_layer")]
    public static partial int LayerCount(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_model_n_embd")]
    public static partial int ModelWidth(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_model_n_head")]
    public static partial int HeadCount(ModelHandle model);

    /// <summary>Of the first layer.</summary>
    [LibraryImport(Llama, EntryPoint = "llama_model_n_head_kv")]
    public static partial int KvHeadCount(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_model_n_ctx_train")]
    public static partial int TrainedContext(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_model_n_embd_out")]
    public static partial int EmbeddingWidth(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_model_has_encoder")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool HasEncoder(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_model_has_decoder")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool HasDecoder(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_model_is_recurrent")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool IsRecurrent(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_model_is_hybrid")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool IsHybrid(ModelHandle model);

    [LibraryImport(Llama, EntryPoint = "llama_model_is_diffusion")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool IsDiffusion(ModelHandle model);

    /// <summary>0 = refused. Freed with the model at the latest.</summary>
    [LibraryImport(Llama, EntryPoint = "llama_adapter_lora_init", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint LoadAdapter(ModelHandle model, string path);

    [LibraryImport(Llama, EntryPoint = "llama_adapter_lora_free")]
    public static partial void FreeAdapter(nint adapter);

    /// <summary>Replaces the adapters that the context computes with; 0 = done.</summary>
    [LibraryImport(Llama, EntryPoint = "llama_set_adapters_lora")]
    public static partial int SetAdapters(ContextHandle context, nint* adapters, nuint count, float* scales);

    [LibraryImport(Llama, EntryPoint = "llama_context_default_params")]
    public static partial ContextParameters DefaultContextParameters();

    [LibraryImport(Llama, EntryPoint = "llama_init_from_model")]
    public static partial nint CreateContext(ModelHandle model, ContextParameters parameters);

    [LibraryImport(Llama, EntryPoint = "llama_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_n_ctx")]
    public static partial uint ContextCells(ContextHandle context);

    [LibraryImport(Llama, EntryPoint = "llama_n_batch")]
    public static partial uint ContextRows(ContextHandle context);

    [LibraryImport(Llama, EntryPoint = "llama_attach_threadpool")]
    public static partial void AttachThreadPool(ContextHandle context, ThreadPoolHandle pool, ThreadPoolHandle batchPool);

    [LibraryImport(Llama, EntryPoint = "llama_set_embeddings")]
    public static partial void SetEmbeddings(ContextHandle context, [MarshalAs(UnmanagedType.U1)] bool embeddings);

    [LibraryImport(Llama, EntryPoint = "llama_decode")]
    public static partial int Decode(ContextHandle context, NativeBatch batch);

    [LibraryImport(Llama, EntryPoint = "llama_get_logits_ith")]
    public static partial float* Logits(ContextHandle context, int row);

    [LibraryImport(Llama, EntryPoint = "llama_get_embeddings_ith")]
    public static partial float* Embeddings(ContextHandle context, int row);

    [LibraryImport(Llama, EntryPoint = "llama_get_memory")]
    public static partial nint Memory(ContextHandle context);

    [LibraryImport(Llama, EntryPoint = "llama_memory_seq_rm")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool RemoveCells(nint memory, int sequence, int from, int to);

    [LibraryImport(Llama, EntryPoint = "llama_memory_seq_cp")]
    public static partial void ShareCells(nint memory, int source, int target, int from, int to);

    [LibraryImport(Llama, EntryPoint = "llama_memory_seq_pos_max")]
    public static partial int LastPosition(nint memory, int sequence);

    [LibraryImport(Llama, EntryPoint = "llama_state_seq_get_size")]
    public static partial nuint StateSize(ContextHandle context, int sequence);

    [LibraryImport(Llama, EntryPoint = "llama_state_seq_get_data")]
    public static partial nuint GetState(ContextHandle context, byte* destination, nuint size, int sequence);

    [LibraryImport(Llama, EntryPoint = "llama_state_seq_set_data")]
    public static partial nuint SetState(ContextHandle context, byte* source, nuint size, int sequence);

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_load_all_from_path", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void LoadBackends(string folder);

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_reg_by_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BackendByName(string name);

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_dev_by_type")]
    public static partial nint DeviceByType(int type);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_backend_dev_name")]
    public static partial byte* DeviceName(nint device);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_backend_reg_get_proc_address", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BackendFunction(nint backend, string name);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_threadpool_params_default")]
    public static partial ThreadPoolParameters DefaultThreadPoolParameters(int threads);
}
