using Penstock.Contracts.Requests;

namespace Penstock.Engine.Scheduling.Order;

/// <summary>
/// By class, then by service received of each tenant (virtual token counters; Sheng et al., OSDI 2024), then by priority, deadline
/// and arrival. Who contends too long goes first inside its tenant; when its whole class gets nothing for as long, it is lifted to
/// the next. So no class and no priority starves.
/// </summary>
/// <remarks>
/// Waiting long in a class that is served is a tenant's own backlog: to lift it would let whoever floods overtake everybody else's
/// service, and first come would be first served again.
/// A tenant that comes back after it had nothing to contend for is lifted to the least counter of those who contend in its class,
/// else in the nearest class that is not empty, else to the counter of the last who left: nobody saves up service (algorithm 2, lines 6 to 13).
/// </remarks>
public sealed class FairOrder : IAdmissionOrder
{
    private const int Classes = 3;

    // Of a step: thousands may lose patience at once, and the next step is soon.
    private const int MostAgedAtOnce = 32;

    private readonly IndexedHeap<TenantQueue, TenantQueue.ByServiceWaiting>[] waiting = new IndexedHeap<TenantQueue, TenantQueue.ByServiceWaiting>[Classes];
    private readonly IndexedHeap<TenantQueue, TenantQueue.ByServiceContending>[] contending = new IndexedHeap<TenantQueue, TenantQueue.ByServiceContending>[Classes];
    private readonly IndexedHeap<SequenceGroup, ByPatience> impatient = new();
    private readonly long[] patience = new long[Classes];
    private readonly long[] starvesFrom = new long[Classes];
    private long present;
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

    public void Serve(SequenceGroup group) => starvesFrom[(int)group.Class] = present + patience[(int)group.Class];

    public void Age(long now)
    {
        present = now;
        for (var i = 0; i < MostAgedAtOnce && impatient.First is { } group && group.PatientUntil <= now; i++)
            Age(group, now);
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

    private void Age(SequenceGroup group, long now)
    {
        var starves = group.Class != ServiceClass.Interactive && (starvesFrom[(int)group.Class] <= now || group.UrgentFrom <= now);
        var waits = Remove(group);
        if (starves)
        {
            Uncount(QueueOf(group));
            group.Class--;
            Enter(QueueOf(group));
        }
        else
        {
            group.Aged = true;
        }

        if (waits)
            Add(group, now);
        group.PatientUntil = Until(group, now);
        impatient.Update(group);
    }

    // Interactive and aged is as far as it goes.
    private long Until(SequenceGroup group, long now) => group.Class switch
    {
        ServiceClass.Interactive when group.Aged => long.MaxValue,
        ServiceClass.Batch => Math.Min(now + patience[(int)group.Class], group.UrgentFrom),
        _ => now + patience[(int)group.Class],
    };

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
