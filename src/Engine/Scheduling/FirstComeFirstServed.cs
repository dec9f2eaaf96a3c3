using System.Diagnostics.CodeAnalysis;

namespace Penstock.Engine.Scheduling;

/// <summary>Admits in the order of arrival. Every operation takes constant time.</summary>
public sealed class FirstComeFirstServed : IAdmissionOrder
{
    private readonly LinkedList<SequenceGroup> queue = [];
    private readonly Dictionary<SequenceGroup, LinkedListNode<SequenceGroup>> places = [];

    public int Count => queue.Count;

    public void Add(SequenceGroup group) => places.Add(group, queue.AddLast(group));

    public bool TryPeek([MaybeNullWhen(false)] out SequenceGroup group)
    {
        group = queue.First?.Value;
        return group is not null;
    }

    public bool Remove(SequenceGroup group)
    {
        if (!places.Remove(group, out var place))
            return false;

        queue.Remove(place);
        return true;
    }
}
