using System.Text;

namespace Penstock.Tools.Oracle.Interop;

/// <summary>A model as llama.cpp loads it.</summary>
internal sealed unsafe class LlamaModel : IDisposable
{
    private readonly nint vocabulary;

    private LlamaModel(nint handle)
    {
        Handle = handle;
        vocabulary = NativeMethods.Vocabulary(handle);
    }

    public nint Handle { get; }

    public int VocabularySize => NativeMethods.TokenCount(vocabulary);

    public int Bos => NativeMethods.Bos(vocabulary);

    public int Eos => NativeMethods.Eos(vocabulary);

    public bool AddsBos => NativeMethods.AddsBos(vocabulary);

    /// <summary>Loads a file.</summary>
    /// <param name="vocabularyOnly">Leave the weights alone.</param>
    public static LlamaModel Open(string path, bool vocabularyOnly = false)
    {
        var parameters = NativeMethods.DefaultModelParameters();
        parameters.GpuLayers = 0;
        parameters.VocabularyOnly = vocabularyOnly ? (byte)1 : (byte)0;
        var handle = NativeMethods.LoadModel(path, parameters);
        return handle != 0 ? new LlamaModel(handle) : throw new InvalidDataException($"llama.cpp does not load {path}.");
    }

    public bool EndsGeneration(int token) => NativeMethods.EndsGeneration(vocabulary, token);

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var tokens = new int[bytes.Length + 8];
        fixed (byte* start = bytes)
        fixed (int* output = tokens)
        {
            var count = NativeMethods.Tokenize(vocabulary, start, bytes.Length - 1, output, tokens.Length, addSpecial, parseSpecial);
            return count >= 0 ? tokens[..count] : throw new InvalidOperationException($"llama.cpp wants {-count} tokens for {bytes.Length} bytes.");
        }
    }

    public byte[] Piece(int token, bool special)
    {
        var buffer = new byte[4096];
        fixed (byte* start = buffer)
            return buffer[..Math.Max(0, NativeMethods.Piece(vocabulary, token, start, buffer.Length, 0, special))];
    }

    public void Dispose() => NativeMethods.FreeModel(Handle);
}
