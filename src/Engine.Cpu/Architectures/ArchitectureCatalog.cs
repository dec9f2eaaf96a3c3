using Penstock.Models.Description;
using Penstock.Models.Gguf;

namespace Penstock.Engine.Cpu.Architectures;

/// <summary>The architectures that the CPU engine computes, by GGUF's names.</summary>
internal static class ArchitectureCatalog
{
    private static readonly Dictionary<string, Func<ModelDescription, Blueprint>> Known = new(StringComparer.Ordinal)
    {
        ["llama"] = Llama.Describe,
        ["qwen2"] = Qwen2.Describe,
        ["qwen3"] = Qwen3.Describe,
        ["qwen3moe"] = Qwen3Experts.Describe,
        ["smollm3"] = SmolLM3.Describe,
        ["gemma"] = Gemma.Describe,
        ["gemma2"] = Gemma2.Describe,
        ["gemma3"] = Gemma3.Describe,
        ["phi3"] = Phi3.Describe,
        ["granite"] = Granite.Describe,
    };

    /// <summary>Refuses a file of an architecture that nobody here knows, before its other keys are read.</summary>
    public static void Check(GgufFile file)
    {
        var name = file.Metadata.String("general.architecture");
        if (!Known.ContainsKey(name))
            throw new GgufException(file.Path, $"the architecture is {GgufName.Printable(name)}, which the CPU engine does not compute", $"It computes {string.Join(", ", Known.Keys)}; others run on llama.cpp (runner: llama).");
    }

    public static Blueprint Describe(ModelDescription model) => Known[model.Architecture](model);
}
