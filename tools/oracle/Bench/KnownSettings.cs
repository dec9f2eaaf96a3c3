namespace Penstock.Tools.Oracle.Bench;

/// <summary>Which settings of llama.cpp were the fastest for a workload with the models before: the first to try with the next one.</summary>
internal sealed class KnownSettings
{
    private readonly Dictionary<(int Threads, string Workload), HashSet<LlamaSetting>> settings = [];

    public IReadOnlyCollection<LlamaSetting> For(int threads, Workload workload) => [.. settings.GetValueOrDefault((threads, workload.Name), [])];

    public void Add(int threads, Workload workload, params ReadOnlySpan<LlamaSetting> best)
    {
        if (!settings.TryGetValue((threads, workload.Name), out var known))
            settings.Add((threads, workload.Name), known = []);
        known.UnionWith(best.ToArray());
    }
}
