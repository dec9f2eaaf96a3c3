using Penstock.Contracts.Requests;

namespace Penstock.Engine.Scheduling.Order;

/// <summary>Admits in the order of arrival, whoever asks. Service is counted and decides nothing.</summary>
public sealed class FirstComeFirstServed : IAdmissionOrder
{
    private readonly IndexedHeap<SequenceGroup, ByArrival> waiting = new();

    public int Count => waiting.Count;

    public void Add(SequenceGroup group, long now) => waiting.Add(group);

    public SequenceGroup? Peek() => waiting.First;

    public bool Remove(SequenceGroup group) => waiting.Remove(group);

    public void Leave(SequenceGroup group)
    {
    }

    public bool Before(SequenceGroup first, SequenceGroup second) => ByArrival.Before(first, second);

    public void Charge(TenantAccount tenant, double service) => tenant.Service += service;

    public void Serve(SequenceGroup group)
    {
    }

    public void Age(long now)
    {
    }

    public SequenceGroup? Last(ServiceClass ofClass, TenantAccount tenant)
    {
        SequenceGroup? last = null;
        foreach (var group in waiting.Items)
        {
            if (group.Terms.Class == ofClass && group.Tenant == tenant && group.ScheduledAt == 0 && (last is null || ByArrival.Before(last, group)))
                last = group;
        }

        return last;
    }

    private readonly struct ByArrival : IHeapOrder<SequenceGroup>
    {
        public static bool Before(SequenceGroup first, SequenceGroup second) => first.Number < second.Number;

        public static ref int Place(SequenceGroup item) => ref item.QueuePlace;
    }
}
