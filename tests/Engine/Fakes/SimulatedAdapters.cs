using Penstock.Engine.Running;
using Penstock.Tests.Engine.Conformance;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Two adapters for simulated runners, made once for all tests.</summary>
internal static class SimulatedAdapters
{
    private static readonly Lazy<AdapterFile[]> Files = new(() =>
    {
        AdapterFile[] files = [new(1), new(2)];
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Array.ForEach(files, file => file.Dispose());
        return files;
    });

    public static AdapterFile First => Files.Value[0];

    public static AdapterFile Second => Files.Value[1];

    /// <summary>Loads both into a fresh runner; in each they get the same numbers.</summary>
    /// <returns>The first at two scales, and the second.</returns>
    public static AdapterUse[] LoadInto(IModelRunner runner)
    {
        var (first, second) = (runner.Adapters!.Load(First.Lora), runner.Adapters.Load(Second.Lora));
        return [new(first, 1), new(first, 0.5f), new(second, 1)];
    }
}
