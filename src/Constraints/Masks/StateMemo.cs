namespace Penstock.Constraints.Masks;

/// <summary>
/// Facts by state, bounded in bytes. Two generations stand in for the order of use: when the young one is full it becomes the old one, and the old one is
/// forgotten but for what was asked for again meanwhile.
/// </summary>
internal sealed class StateMemo(long mostBytes)
{
    /// <summary>What an entry costs beside its mask.</summary>
    private const long EntryBytes = 160;

    private Dictionary<object, StateFacts> young = new(ReferenceEqualityComparer.Instance);
    private Dictionary<object, StateFacts> old = new(ReferenceEqualityComparer.Instance);
    private long bytes;

    public StateFacts Of(ConstraintState state)
    {
        if (young.TryGetValue(state, out var facts))
            return facts;

        if (!old.Remove(state, out facts))
            facts = new StateFacts(state);
        young[state] = facts;
        Grew(EntryBytes + (facts.Mask?.Bytes ?? 0));
        return facts;
    }

    /// <summary>Counts bytes that were added to the facts of a young state.</summary>
    public void Grew(long more)
    {
        bytes += more;
        if (bytes <= mostBytes / 2)
            return;

        (young, old) = (old, young);
        young.Clear();
        bytes = 0;
    }
}
