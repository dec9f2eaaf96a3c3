using Penstock.Engine.Llama.Contexts;

namespace Penstock.Tools.Oracle.Bench;

/// <summary>One file as llama.cpp loads it for each CPU backend, with and without repacking; loaded when first asked for.</summary>
internal sealed class LlamaModels(string path) : IDisposable
{
    private readonly Dictionary<(string Variant, bool Repack), LlamaModel> models = [];

    public LlamaModel Open(LlamaSetting setting)
    {
        // Contexts too compute with the backend that is chosen when they are made.
        CpuVariants.Use(setting.Variant);
        if (!models.TryGetValue((setting.Variant, setting.Repack), out var model))
            models.Add((setting.Variant, setting.Repack), model = LlamaModel.Open(path, gpuLayers: 0, repack: setting.Repack));
        return model;
    }

    public void Dispose()
    {
        foreach (var model in models.Values)
            model.Dispose();
    }
}
