using Penstock.Models.Adapters;
using Penstock.Models.Gguf;

namespace Penstock.Cli.Models;

/// <summary>What a LoRA adapter says of itself, for <c>models inspect</c>.</summary>
/// <param name="BaseArchitecture">The architecture of the models that it changes.</param>
/// <param name="Rank">The inner width of its pairs of matrices, the largest where they differ.</param>
/// <param name="Alpha">Its strength: a pair of rank r is scaled by alpha / r.</param>
internal sealed record LoraAdapter(string? BaseArchitecture, int Rank, float Alpha)
{
    /// <summary>Null: the file is something else.</summary>
    /// <exception cref="GgufException">It calls itself an adapter and is none that is known here.</exception>
    public static LoraAdapter? Of(GgufFile file)
    {
        if (!LoraFile.IsAdapter(file))
            return null;

        var adapter = LoraFile.Of(file);
        return new LoraAdapter(adapter.Architecture, adapter.Rank, adapter.Alpha);
    }
}
