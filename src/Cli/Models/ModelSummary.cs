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

    /// <summary>What it is if it is no model of its own; null for a model.</summary>
    public LoraAdapter? Adapter { get; init; }

    /// <summary>Why the file cannot be served, or null.</summary>
    public string? Problem { get; init; }

    public static ModelSummary Of(string path)
    {
        try
        {
            using var file = GgufFile.Open(path);
            var adapter = LoraAdapter.Of(file);
            var model = adapter is null ? ModelDescription.From(file) : null;
            return new()
            {
                Path = path,
                Name = model?.Name ?? file.Metadata.StringOrDefault("general.name") ?? System.IO.Path.GetFileNameWithoutExtension(path),
                Architecture = model?.Architecture ?? adapter?.BaseArchitecture,
                Parameters = file.Tensors.Sum(tensor => tensor.ElementCount),
                Type = file.Tensors.GroupBy(tensor => tensor.Type).MaxBy(group => group.Sum(tensor => tensor.ByteLength))?.Key.Name(),
                ContextLength = model?.ContextLength,
                Bytes = file.Length,
                Adapter = adapter,
            };
        }
        catch (GgufException error)
        {
            return new() { Path = path, Problem = error.Problem };
        }
    }
}
