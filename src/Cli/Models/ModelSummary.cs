using Penstock.Models.Description;
using Penstock.Models.Gguf;

namespace Penstock.Cli.Models;

/// <summary>One line of <c>models list</c>: a file's main figures, or why it has none.</summary>
internal sealed record ModelSummary
{
    public required string Path { get; init; }

    public string? Name { get; init; }

    public string? Architecture { get; init; }

    public long? Parameters { get; init; }

    /// <summary>The type that most of the bytes are in.</summary>
    public string? Type { get; init; }

    public int? ContextLength { get; init; }

    public long? Bytes { get; init; }

    /// <summary>Why the file cannot be served, or null.</summary>
    public string? Problem { get; init; }

    public static ModelSummary Of(string path)
    {
        try
        {
            using var file = GgufFile.Open(path);
            var model = ModelDescription.From(file);
            return new()
            {
                Path = path,
                Name = model.Name,
                Architecture = model.Architecture,
                Parameters = model.ParameterCount,
                Type = file.Tensors.GroupBy(tensor => tensor.Type).MaxBy(group => group.Sum(tensor => tensor.ByteLength))?.Key.Name(),
                ContextLength = model.ContextLength,
                Bytes = file.Length,
            };
        }
        catch (GgufException error)
        {
            return new() { Path = path, Problem = error.Problem };
        }
    }
}
