using Penstock.Models.Gguf;

namespace Penstock.Cli.Models;

/// <summary>What a LoRA adapter (Hu et al. 2021, arXiv:2106.09685) in a GGUF file says of itself; the layout is that of llama.cpp's <c>convert_lora_to_gguf.py</c>.</summary>
/// <param name="BaseArchitecture">The architecture of the models that it changes.</param>
/// <param name="Rank">The inner width of its pairs of matrices, the largest where they differ.</param>
/// <param name="Alpha">Its strength: a pair of rank r is scaled by alpha / r.</param>
internal sealed record LoraAdapter(string? BaseArchitecture, int Rank, float Alpha)
{
    /// <summary>Null: the file is something else.</summary>
    /// <exception cref="GgufException">It calls itself an adapter and is none that is known here.</exception>
    public static LoraAdapter? Of(GgufFile file)
    {
        if (file.Metadata.StringOrDefault("general.type") != "adapter")
            return null;

        var kind = file.Metadata.StringOrDefault("adapter.type", "lora");
        var pairs = file.Tensors.Where(tensor => tensor.Name.EndsWith(".lora_b", StringComparison.Ordinal)).ToList();
        if (kind != "lora" || pairs.Count == 0)
            throw new GgufException(file.Path, "this adapter has no LoRA matrices", "Convert it again with a current converter.");

        return new LoraAdapter(file.Metadata.StringOrDefault("general.architecture"), (int)pairs.Max(pair => pair.Shape[0]), file.Metadata.Float32("adapter.lora.alpha"));
    }
}
