namespace Penstock.Engine.Llama;

/// <summary>llama.cpp's libraries are missing, of another version, or do not load. The message says what was found and what to install.</summary>
public sealed class LlamaLibraryException : Exception
{
    internal LlamaLibraryException(string problem, Exception? inner = null)
        : base($"{problem} {Remedy}", inner)
    {
    }

    private const string Remedy =
        $"Install llama.cpp {LlamaLibrary.Version}: npm ci in the folder native of Penstock's repository; or name the folder of its libraries with --llama-libraries or {LibraryFolder.Variable}. See docs/llama-engine.md.";
}
