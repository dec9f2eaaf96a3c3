using Penstock.Engine.Running;
using Penstock.Models.Adapters;
using Penstock.Models.Gguf;
using Penstock.Models.Random;

namespace Penstock.Benchmarks.Adapters;

/// <summary>Adapters of noise for all matrices of a model, each other than the rest.</summary>
internal static class RandomAdapters
{
    /// <returns>Their numbers.</returns>
    public static int[] Load(IModelRunner runner, GgufFile model, int count, int rank)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-adapters-");
        try
        {
            return [.. Enumerable.Range(0, count).Select(i =>
            {
                var path = Path.Combine(folder.FullName, $"{i}.gguf");
                RandomAdapter.Write(path, model, new RandomAdapterOptions { Rank = rank, Alpha = rank, Seed = (ulong)i });
                using var file = LoraFile.Open(path);
                return runner.Adapters!.Load(file);
            })];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
