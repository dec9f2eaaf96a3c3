using System.Collections;
using System.Collections.Concurrent;

namespace Penstock.Engine.Scheduling;

/// <summary>The accounts of one model's tenants by name. Thread-safe. As many as there are tenants, and kept for as long as the model is served.</summary>
/// <param name="weights">Shares of tenants; 1 for those that are not named.</param>
public sealed class TenantAccounts(IReadOnlyDictionary<string, double>? weights = null) : IEnumerable<TenantAccount>
{
    private readonly ConcurrentDictionary<string, TenantAccount> accounts = new(StringComparer.Ordinal);
    private int numbers;

    /// <summary>The account of this name; made when it is first asked for.</summary>
    public TenantAccount Of(string name) => accounts.TryGetValue(name, out var account) ? account : accounts.GetOrAdd(name, Make);

    /// <summary>All accounts so far, in no order.</summary>
    public IEnumerator<TenantAccount> GetEnumerator()
    {
        foreach (var (_, account) in accounts)
            yield return account;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private TenantAccount Make(string name) => new(name, weights?.GetValueOrDefault(name, 1) ?? 1, Interlocked.Increment(ref numbers));
}
