namespace Penstock.Constraints.Json.Machine;

/// <summary>
/// Makes one object of equal states, frames and scanners, so that they can be compared by reference and their memos are shared. Past a bound
/// the store forgets all it knows: objects in use go on working, their memos are of an older generation and are built anew.
/// </summary>
/// <param name="bound">Objects that are kept; each takes some 100 to 300 bytes with its memos.</param>
internal sealed class StateStore(int bound)
{
    private readonly Dictionary<Interned, Interned> known = [];
    private int lastId;

    /// <summary>How often the store has forgotten.</summary>
    public int Generation { get; private set; }

    public int Count => known.Count;

    public int Bound => bound;

    /// <summary>The first object that was equal to this one, or this one.</summary>
    public T Intern<T>(T candidate)
        where T : Interned
    {
        if (known.TryGetValue(candidate, out var existing))
            return (T)existing;

        if (known.Count >= bound)
            Forget();

        WorkBudget.Charge();
        candidate.Id = ++lastId;
        known.Add(candidate, candidate);
        return candidate;
    }

    /// <summary>Drops everything that is known; what is in use goes on working.</summary>
    public void Forget()
    {
        known.Clear();
        Generation++;
    }
}
