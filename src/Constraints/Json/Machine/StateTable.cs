namespace Penstock.Constraints.Json.Machine;

/// <summary>The states of one machine, one object a set of threads; forgets with the <see cref="StateStore"/>.</summary>
internal sealed class StateTable(StateStore store)
{
    private readonly Dictionary<JsonState, JsonState> known = [];
    private int generation;

    public JsonState Intern(JsonState candidate)
    {
        if (generation != store.Generation)
        {
            known.Clear();
            generation = store.Generation;
        }

        if (known.TryGetValue(candidate, out var existing))
            return existing;

        known.Add(candidate, candidate);
        if (known.Count >= store.Bound)
            store.Forget();

        return candidate;
    }
}
