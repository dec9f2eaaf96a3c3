using System.Diagnostics.CodeAnalysis;

namespace Penstock.Engine.Scheduling;

/// <summary>Who is admitted next: the seam for fairness between tenants. Used by the scheduler's thread only.</summary>
public interface IAdmissionOrder
{
    int Count { get; }

    /// <summary>A group waits from now on.</summary>
    void Add(SequenceGroup group);

    /// <summary>The group to admit next. While it does not fit nobody overtakes it, so that none starves.</summary>
    bool TryPeek([MaybeNullWhen(false)] out SequenceGroup group);

    /// <summary>The group waits no longer: admitted or cancelled. False when it did not wait.</summary>
    bool Remove(SequenceGroup group);
}
