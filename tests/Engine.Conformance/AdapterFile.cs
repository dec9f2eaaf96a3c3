using Penstock.Models.Adapters;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Tests.Engine.Conformance;

/// <summary>A random adapter for a random model, in a temporary file that is deleted with it.</summary>
public sealed class AdapterFile : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("penstock-lora-");

    /// <param name="seed">Different ones make different adapters.</param>
    /// <param name="model">The base's shape; null = that of <see cref="RandomModelOptions"/>' defaults.</param>
    public AdapterFile(int seed, RandomModelOptions? model = null)
    {
        var path = Path.Combine(folder.FullName, "model.gguf");
        RandomModel.Write(path, model ?? new RandomModelOptions());
        using var file = GgufFile.Open(path);
        RandomAdapter.Write(Path.Combine(folder.FullName, "adapter.gguf"), file, new RandomAdapterOptions { Rank = 8, Alpha = 8, Seed = (ulong)seed });
        Lora = LoraFile.Open(Path.Combine(folder.FullName, "adapter.gguf"));
    }

    public LoraFile Lora { get; }

    public void Dispose()
    {
        Lora.Dispose();
        folder.Delete(recursive: true);
    }
}
