using Penstock.Gateway.Hosting;

namespace Penstock.Gateway.Configuration;

/// <summary>The keys of a model that say how its engine schedules.</summary>
internal static class ModelSchedulingSection
{
    private const int MostQueued = 1_000_000;
    private const double MostPatienceSeconds = 7 * 24 * 3600;
    private const int MostRows = 65_536;
    private const double MostSavedMebibytes = 1 << 20;

    public static IReadOnlyList<string> Keys { get; } =
        ["policy", "queue", "tenant_queue", "patience_s", "prefill_every", "step_tokens", "saved_kv_mib", "prefix_cache", "prefix_tenant_share"];

    public static ModelScheduling Read(YamlNodeReader model)
    {
        var patience = model.Child("patience_s");
        patience?.Allow(["interactive", "standard", "batch"], notYet: []);
        return new ModelScheduling
        {
            Policy = PolicyNames.Read(model),
            QueueCapacity = model.Whole("queue", 1, MostQueued),
            TenantQueueCapacity = model.Whole("tenant_queue", 1, MostQueued),
            InteractivePatience = Seconds(patience, "interactive"),
            StandardPatience = Seconds(patience, "standard"),
            BatchPatience = Seconds(patience, "batch"),
            PrefillEvery = model.Whole("prefill_every", 1, 1000),
            StepTokenBudget = model.Whole("step_tokens", 1, MostRows),
            SavedKvBytes = model.Number("saved_kv_mib", 0, MostSavedMebibytes) is { } mebibytes ? (long)(mebibytes * (1 << 20)) : null,
            PrefixCaching = model.Switch("prefix_cache"),
            PrefixTenantShare = model.Number("prefix_tenant_share", 0.001, 1),
        };
    }

    private static TimeSpan? Seconds(YamlNodeReader? patience, string key) =>
        patience?.Number(key, 0.001, MostPatienceSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
