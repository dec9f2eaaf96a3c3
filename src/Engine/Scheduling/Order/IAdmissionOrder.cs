namespace Penstock.Engine.Scheduling.Order;

/// <summary>
/// Whose prompt goes on: the seam for fairness between tenants. Knows who waits for admission and who contends for prompt tokens
/// (waits, or has started its prompt). Used by the scheduler's thread only; no operation takes more than logarithmic time.
/// </summary>
public interface IAdmissionOrder
{
    /// <summary>Groups that wait.</summary>
    int Count { get; }

    /// <summary>A group waits from now on: a new one, or one that was preempted and comes back to its place.</summary>
    void Add(SequenceGroup group, long now);

    /// <summary>The group to admit next, or null. While it does not fit nobody overtakes it, so that none starves.</summary>
    SequenceGroup? Peek();

    /// <summary>The group waits no longer, but contends until <see cref="Leave"/>. False when it did not wait.</summary>
    bool Remove(SequenceGroup group);

    /// <summary>The group contends no longer: its prompt is done or it has ended. Idempotent.</summary>
    void Leave(SequenceGroup group);

    /// <summary>Whether <paramref name="first"/> gets prompt tokens before <paramref name="second"/>.</summary>
    bool Before(SequenceGroup first, SequenceGroup second);

    /// <summary>The tenant has received this much service more, already divided by its weight.</summary>
    void Charge(TenantAccount tenant, double service);

    /// <summary>The group has tokens of its prompt in the step that is planned.</summary>
    void Serve(SequenceGroup group);

    /// <summary>Lifts those whose patience has ended.</summary>
    void Age(long now);

    /// <summary>Of a tenant's waiting groups of a class that never ran, the one that is given up first when the queue overflows, or null. May take linear time.</summary>
    SequenceGroup? Last(Contracts.Requests.ServiceClass ofClass, TenantAccount tenant);
}
