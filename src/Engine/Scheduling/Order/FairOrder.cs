using Penstock.Contracts.Requests;

namespace Penstock.Engine.Scheduling.Order;

/// <summary>
/// By class, then by service received of each tenant (virtual token counters; Sheng et al., OSDI 2024), then by priority, deadline
/// and arrival. Who contends too long is lifted to the next class, so that no class and no priority starves.
/// </summary>
/// <remarks>
/// A tenant that comes back after it had nothing to contend for is lifted to the least counter of those who contend in its class,
/// else in the nearest class that is not empty, else to the counter of the last who left: nobody saves up service (algorithm 2, lines 6 to 13).
/// </remarks>
public sealed class FairOrder : IAdmissionOrder
{
    private const int Classes = 3;

    private readonly IndexedHeap<TenantQueue, TenantQueue.ByServiceWaiting>[] waiting = new IndexedHeap<TenantQueue, TenantQueue.ByServiceWaiting>[Classes];
    private readonly IndexedHeap<TenantQueue, TenantQueue.ByServiceContending>[] contending = new IndexedHeap<TenantQueue, TenantQueue.ByServiceContending>[Classes];
    private readonly IndexedHeap<SequenceGroup, ByPatience> impatient = new();
    private readonly long[] patience = new long[Classes];
    private double lastToLeave;

    /// <param name="patience">How long a group stays in a class.</param>
    /// <param name="timestampFrequency">Units of <c>now</c> in a second.</param>
    public FairOrder(ClassPatience patience, long timestampFrequency)
    {
        for (var i = 0; i < Classes; i++)
        {
            (waiting[i], contending[i]) = (new(), new());
            this.patience[i] = (long)(patience.Of((ServiceClass)i).TotalSeconds * timestampFrequency);
        }
    }

    public int Count { get; private set; }

    public void Add(SequenceGroup group, long now)
    {
        if (!group.Contends)
            Join(group, now);

        var queue = QueueOf(group);
        queue.Waiting.Add(group);
        if (queue.Waiting.Count == 1)
            waiting[(int)queue.Class].Add(queue);
        Count++;
    }

    public SequenceGroup? Peek()
    {
        foreach (var ofClass in waiting)
        {
            if (ofClass.First is { } queue)
                return queue.Waiting.First;
        }

        return null;
    }

    public bool Remove(SequenceGroup group)
    {
        var queue = QueueOf(group);
        if (!queue.Waiting.Remove(group))
            return false;

        if (queue.Waiting.Count == 0)
            waiting[(int)queue.Class].Remove(queue);
        Count--;
        return true;
    }

    public void Leave(SequenceGroup group)
    {
        if (!group.Contends)
            return;

        group.Contends = false;
        impatient.Remove(group);
        Uncount(QueueOf(group));
        if (--group.Tenant.Contending == 0)
            lastToLeave = group.Tenant.Service;
    }

    public bool Before(SequenceGroup first, SequenceGroup second) =>
        first.Class != second.Class ? first.Class < second.Class
        : first.Tenant == second.Tenant ? TenantQueue.WithinTenant.Before(first, second)
        : TenantAccount.LessServed(first.Tenant, second.Tenant);

    public void Charge(TenantAccount tenant, double service)
    {
        tenant.Service += service;
        Reorder(tenant);
    }

    public void Age(long now)
    {
        while (impatient.First is { } group && group.PatientUntil <= now)
            Lift(group, now);
    }

    public SequenceGroup? Last(ServiceClass ofClass, TenantAccount tenant)
    {
        SequenceGroup? last = null;
        foreach (var group in impatient.Items)
        {
            if (group.Terms.Class == ofClass && group.Tenant == tenant && group.State == SequenceGroupState.Waiting && group.ScheduledAt == 0 && (last is null || Before(last, group)))
                last = group;
        }

        return last;
    }

    private void Join(SequenceGroup group, long now)
    {
        var tenant = group.Tenant;
        if (tenant.Contending++ == 0 && group.Preemptions == 0)
            tenant.Service = Math.Max(tenant.Service, LeastService(group.Class) ?? lastToLeave);

        group.Contends = true;
        group.PatientUntil = Until(group, now);
        impatient.Add(group);
        Enter(QueueOf(group));
        Reorder(tenant);
    }

    private double? LeastService(ServiceClass near)
    {
        for (var i = (int)near; i >= 0; i--)
        {
            if (contending[i].First is { } queue)
                return queue.Tenant.Service;
        }

        for (var i = (int)near + 1; i < Classes; i++)
        {
            if (contending[i].First is { } queue)
                return queue.Tenant.Service;
        }

        return null;
    }

    private void Lift(SequenceGroup group, long now)
    {
        var waits = Remove(group);
        Uncount(QueueOf(group));
        if (group.Class == ServiceClass.Interactive)
            group.Aged = true;
        else
            group.Class--;

        Enter(QueueOf(group));
        if (waits)
            Add(group, now);
        group.PatientUntil = group.Aged ? long.MaxValue : now + patience[(int)group.Class];
        impatient.Update(group);
    }

    private long Until(SequenceGroup group, long now) => group.Aged ? long.MaxValue : Math.Min(now + patience[(int)group.Class], group.UrgentFrom);

    private void Enter(TenantQueue queue)
    {
        if (queue.Contending++ == 0)
            contending[(int)queue.Class].Add(queue);
    }

    private void Uncount(TenantQueue queue)
    {
        if (--queue.Contending == 0)
            contending[(int)queue.Class].Remove(queue);
    }

    private void Reorder(TenantAccount tenant)
    {
        for (var i = 0; i < Classes; i++)
        {
            if (tenant.Queues[i] is not { } queue)
                continue;

            waiting[i].Update(queue);
            contending[i].Update(queue);
        }
    }

    private static TenantQueue QueueOf(SequenceGroup group) => group.Tenant.Queues[(int)group.Class] ??= new TenantQueue(group.Tenant, group.Class);

    private readonly struct ByPatience : IHeapOrder<SequenceGroup>
    {
        public static bool Before(SequenceGroup first, SequenceGroup second) => first.PatientUntil < second.PatientUntil;

        public static ref int Place(SequenceGroup item) => ref item.PatiencePlace;
    }
}
