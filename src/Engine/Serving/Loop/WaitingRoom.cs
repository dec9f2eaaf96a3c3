using Penstock.Contracts.Requests;
using Penstock.Engine.Scheduling;

namespace Penstock.Engine.Serving.Loop;

/// <summary>
/// How many requests wait, of whom and of which class, and who makes room when there are too many. Used under the gate's lock.
/// </summary>
/// <remarks>
/// A full room takes a request in place of another: of a lower class, the lowest first (batch, then standard); else of the same
/// class and of the tenant that has the longest queue for its weight, if that is longer than the newcomer's would be.
/// So a burst costs its own tenant places and not the others. A tenant's own full queue gives up the tenant's lower classes only.
/// </remarks>
internal sealed class WaitingRoom(int capacity, int? tenantCapacity, TenantAccounts tenants)
{
    private readonly int[] staying = new int[3];

    /// <summary>Requests that wait, those included that are being given up.</summary>
    public int Count { get; private set; }

    public bool Full => staying.Sum() >= capacity;

    public static int Queued(TenantAccount tenant) => tenant.Queued.Sum();

    public bool TenantFull(TenantAccount tenant) => Queued(tenant) >= tenantCapacity;

    public void Enter(TenantAccount tenant, ServiceClass ofClass)
    {
        Count++;
        Stay(tenant, ofClass, 1);
    }

    public void Leave(TenantAccount tenant, ServiceClass ofClass)
    {
        Count--;
        Stay(tenant, ofClass, -1);
    }

    /// <summary>Who makes room in a full room for a newcomer, or null.</summary>
    public (ServiceClass Class, TenantAccount Tenant)? MakeRoom(TenantAccount newcomer, ServiceClass ofClass)
    {
        for (var lower = ServiceClass.Batch; lower > ofClass; lower--)
        {
            if (staying[(int)lower] > 0 && Longest(lower, least: 0) is { } victim)
                return GiveUp(victim, lower);
        }

        return Longest(ofClass, (newcomer.Queued[(int)ofClass] + 1) / newcomer.Weight) is { } longest && longest != newcomer ? GiveUp(longest, ofClass) : null;
    }

    /// <summary>Which of its own lower classes makes room in a tenant's full queue, or null.</summary>
    public (ServiceClass Class, TenantAccount Tenant)? MakeOwnRoom(TenantAccount tenant, ServiceClass ofClass)
    {
        for (var lower = ServiceClass.Batch; lower > ofClass; lower--)
        {
            if (tenant.Queued[(int)lower] > 0)
                return GiveUp(tenant, lower);
        }

        return null;
    }

    /// <summary>The one that was to be given up is about to leave, or there was none any more.</summary>
    public void Stays(TenantAccount tenant, ServiceClass ofClass) => Stay(tenant, ofClass, 1);

    private (ServiceClass, TenantAccount) GiveUp(TenantAccount tenant, ServiceClass ofClass)
    {
        Stay(tenant, ofClass, -1);
        return (ofClass, tenant);
    }

    private void Stay(TenantAccount tenant, ServiceClass ofClass, int requests)
    {
        staying[(int)ofClass] += requests;
        tenant.Queued[(int)ofClass] += requests;
    }

    private TenantAccount? Longest(ServiceClass ofClass, double least)
    {
        TenantAccount? longest = null;
        foreach (var tenant in tenants)
        {
            var queue = tenant.Queued[(int)ofClass] / tenant.Weight;
            if (queue > least)
                (longest, least) = (tenant, queue);
        }

        return longest;
    }
}
