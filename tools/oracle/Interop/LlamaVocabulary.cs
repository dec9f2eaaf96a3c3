using System.Runtime.InteropServices;
using System.Text;
using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Llama.Native;

namespace Penstock.Tools.Oracle.Interop;

/// <summary>llama.cpp's own tokenizer, which only the oracle uses: Penstock has its own. Everything else of llama.cpp is Engine.Llama's.</summary>
internal sealed unsafe partial class LlamaVocabulary
{
    private readonly LlamaModel model;
    private readonly nint vocabulary;

    /// <param name="model">Must outlive this object.</param>
    public LlamaVocabulary(LlamaModel model)
    {
        this.model = model;
        vocabulary = NativeMethods.Vocabulary(model.Handle);
    }

    public int Size => model.VocabularySize;

    public int Bos => BosToken(vocabulary);

    public int Eos => EosToken(vocabulary);

    public bool AddsBos => AddsBosToken(vocabulary);

    public bool EndsGeneration(int token) => IsEnd(vocabulary, token);

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var tokens = new int[bytes.Length + 8];
        fixed (byte* start = bytes)
        fixed (int* output = tokens)
        {
            var count = Encode(vocabulary, start, bytes.Length - 1, output, tokens.Length, addSpecial, parseSpecial);
            return count >= 0 ? tokens[..count] : throw new InvalidOperationException($"llama.cpp wants {-count} tokens for {bytes.Length} bytes.");
        }
    }

    public byte[] Piece(int token, bool special)
    {
        var buffer = new byte[4096];
        fixed (byte* start = buffer)
            return buffer[..Math.Max(0, Decode(vocabulary, token, start, buffer.Length, 0, special))];
    }

    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_vocab_is_eog")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool IsEnd(nint vocabulary, int token);

    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_vocab_bos")]
    private static partial int BosToken(nint vocabulary);

    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_vocab_eos")]
    private static partial int EosToken(nint vocabulary);

    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_vocab_get_add_bos")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool AddsBosToken(nint vocabulary);

    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_tokenize")]
    private static partial int Encode(
        nint vocabulary, byte* text, int length, int* tokens, int capacity, [MarshalAs(UnmanagedType.U1)] bool addSpecial, [MarshalAs(UnmanagedType.U1)] bool parseSpecial);

    [LibraryImport(NativeMethods.Llama, EntryPoint = "llama_token_to_piece")]
    private static partial int Decode(nint vocabulary, int token, byte* buffer, int capacity, int stripped, [MarshalAs(UnmanagedType.U1)] bool special);
}
