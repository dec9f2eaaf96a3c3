using Penstock.Gateway.Hosting;
using Penstock.Gateway.Tenancy;
using Penstock.Ledger.Budgets;

namespace Penstock.Gateway.Configuration;

/// <summary>Checks the options of a server as a whole and reports every fault.</summary>
public static class ServeOptionsValidator
{
    private const long MinBody = 1024;
    private const long MaxBody = 1L << 30;

    public static IReadOnlyList<OptionFault> Validate(ServeOptions options)
    {
        var faults = new List<OptionFault>();
        CheckModels(options, faults);
        TargetsValidator.Check(options, faults);
        CheckAddresses(options, faults);
        CheckKeys(options, faults);
        AdminSection.Check(options.Admin, faults);
        faults.AddRange(BudgetTree.Faults(TenantTree.Nodes(options.Tenants, options.ApiKeys)).Select(fault => new OptionFault("tenants", fault, "limits make one tree", "Correct penstock.yaml (docs/tenancy.md).")));
        CheckRange("--max-body-bytes", options.MaxBodyBytes, MinBody, MaxBody, faults);
        CheckRange("--drain-seconds", (long)options.DrainLimit.TotalSeconds, 0, 3600, faults);
        CheckRange("--threads", options.Threads, 0, 1024, faults);
        CheckRange("--context", options.ContextLength, 0, int.MaxValue, faults);
        CheckRange("--kv-tokens", options.KvTokens, 0, int.MaxValue, faults);
        CheckRange("--queue", options.QueueCapacity, 1, 1_000_000, faults);
        return faults;
    }

    private static void CheckModels(ServeOptions options, List<OptionFault> faults)
    {
        if (options.Models.Count + options.Targets.Count == 0)
        {
            faults.Add(new("--model", "no model is given", "at least one is needed", "Name a GGUF file, or a target in --config."));
        }

        foreach (var name in options.Models.Where(model => model.Name is not null).GroupBy(model => model.Name).Where(group => group.Count() > 1))
        {
            faults.Add(new("models", $"two models have the name '{name.Key}'", "names are unique", "Rename one of them."));
        }
    }

    private static void CheckAddresses(ServeOptions options, List<OptionFault> faults)
    {
        if (options.Urls.Count == 0)
        {
            faults.Add(new("--urls", "no address is given", "at least one is needed", "Leave the option out to listen on http://127.0.0.1:8080."));
        }

        foreach (var url in options.Urls)
        {
            var address = ListenAddress.Parse(url);
            if (!address.Ok)
            {
                faults.Add(new("--urls", url, "an address is http://host:port with an IP address or localhost", address.Error.Message));
            }
            else if (!address.Value.IsLoopback && options.ApiKeys.Count == 0)
            {
                faults.Add(new(
                    "--urls",
                    $"{url} can be reached from other machines and no API keys are configured",
                    "without keys only loopback addresses such as http://127.0.0.1:8080 are allowed",
                    "Configure keys with --api-key-file or with tenants in --config (docs/operations/serving.md), or listen on loopback."));
            }
        }
    }

    private static void CheckKeys(ServeOptions options, List<OptionFault> faults)
    {
        foreach (var id in options.ApiKeys.GroupBy(key => key.Id).Where(group => group.Count() > 1))
        {
            faults.Add(new("keys", $"two API keys have the id '{id.Key}'", "ids are unique", "Rename one of them."));
        }

        var digests = options.ApiKeys.SelectMany(key => key.Former is null ? [(key.Id, key.Sha256)] : new[] { (key.Id, key.Sha256), (key.Id, key.Former.Sha256) });
        foreach (var twins in digests.GroupBy(one => Convert.ToHexString(one.Sha256.Span)).Where(group => group.Count() > 1))
        {
            faults.Add(new("keys", $"the keys {string.Join(" and ", twins.Select(one => one.Id))} have the same digest", "each key belongs to one tenant", "Make a new key for one of them."));
        }
    }

    private static void CheckRange(string key, long value, long min, long max, List<OptionFault> faults)
    {
        if (value < min || value > max)
        {
            faults.Add(new(key, $"{value}", $"allowed is {min} to {max}", "Leave it out to use the default."));
        }
    }
}
