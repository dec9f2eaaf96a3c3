namespace Penstock.Models.Gguf;

/// <summary>A file that is not a GGUF model that Penstock can use. The message is for people: file, what is wrong, where, remedy.</summary>
public sealed class GgufException : Exception
{
    public GgufException(string path, string problem, string remedy, long? offset = null, Exception? inner = null)
        : base($"{path}: {problem}{(offset is { } at ? $" (at byte {at})" : "")}. {remedy}", inner)
    {
        Path = path;
        Problem = problem;
        Remedy = remedy;
        Offset = offset;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it, without file, place and remedy.</summary>
    public string Problem { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }

    /// <summary>Where in the file, in bytes from its start, when it is one place.</summary>
    public long? Offset { get; }
}
