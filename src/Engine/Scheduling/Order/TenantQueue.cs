using Penstock.Contracts.Requests;

namespace Penstock.Engine.Scheduling.Order;

/// <summary>What a tenant has in one class: the groups that wait, and how many contend.</summary>
internal sealed class TenantQueue(TenantAccount tenant, ServiceClass serviceClass)
{
    // Places in the heaps of FairOrder.
    private int waitingPlace;
    private int contendingPlace;

    public TenantAccount Tenant { get; } = tenant;

    public ServiceClass Class { get; } = serviceClass;

    public IndexedHeap<SequenceGroup, WithinTenant> Waiting { get; } = new();

    /// <summary>Groups that wait or have started their prompt.</summary>
    public int Contending { get; set; }

    /// <summary>Aged first, then priority, deadline and arrival.</summary>
    internal readonly struct WithinTenant : IHeapOrder<SequenceGroup>
    {
        public static bool Before(SequenceGroup first, SequenceGroup second)
        {
            if (first.Aged || second.Aged)
                return first.Aged != second.Aged ? first.Aged : first.Number < second.Number;

            var (a, b) = (first.Terms, second.Terms);
            return a.Priority != b.Priority ? a.Priority < b.Priority
                : a.Deadline != b.Deadline ? a.Deadline < b.Deadline
                : first.Number < second.Number;
        }

        public static ref int Place(SequenceGroup item) => ref item.QueuePlace;
    }

    /// <summary>Queues with waiting groups, by service received.</summary>
    internal readonly struct ByServiceWaiting : IHeapOrder<TenantQueue>
    {
        public static bool Before(TenantQueue first, TenantQueue second) => TenantAccount.LessServed(first.Tenant, second.Tenant);

        public static ref int Place(TenantQueue item) => ref item.waitingPlace;
    }

    /// <summary>Queues with contending groups, by service received.</summary>
    internal readonly struct ByServiceContending : IHeapOrder<TenantQueue>
    {
        public static bool Before(TenantQueue first, TenantQueue second) => TenantAccount.LessServed(first.Tenant, second.Tenant);

        public static ref int Place(TenantQueue item) => ref item.contendingPlace;
    }
}
