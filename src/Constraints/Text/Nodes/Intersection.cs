namespace Penstock.Constraints.Text.Nodes;

/// <summary>The normal form of an intersection's members.</summary>
internal static class Intersection
{
    /// <summary>
    /// Flat, without duplicates, in order. Tries meet in one, complements in the complement of a union, counts of characters in one count; what is
    /// certain to have no text in common is the empty set.
    /// </summary>
    public static Node[] Of(NodePool pool, ReadOnlySpan<Node> members)
    {
        var flat = new List<Node>(members.Length);
        Node? everything = null;
        foreach (var member in members)
        {
            if (ReferenceEquals(member, pool.Empty))
                return [pool.Empty];

            if (pool.IsEverything(member))
                everything = member;
            else if (member is AndNode and)
                flat.AddRange(and.Members);
            else
                flat.Add(member);
        }

        if (flat.Count == 0)
            return everything is null ? [] : [everything];

        if (flat.Count == 1)
            return [flat[0]];

        JoinCounts(pool, flat);
        JoinTries(pool, flat);
        JoinComplements(pool, flat);
        return HaveNothingInCommon(pool, flat) ? [pool.Empty] : flat.Contains(pool.Epsilon) ? [pool.Epsilon] : Sort(flat);
    }

    private static void JoinComplements(NodePool pool, List<Node> members)
    {
        var first = members.FindIndex(static m => m is NotNode);
        if (first < 0)
            return;

        var open = ((NotNode)members[first]).Open;
        var bodies = members.OfType<NotNode>().Select(static n => n.Body).ToArray();
        members.RemoveAll(static m => m is NotNode);
        if (members.Find(static m => m is TrieNode) is TrieNode kept && Array.TrueForAll(bodies, static b => b is TrieNode))
        {
            members.Remove(kept);
            members.Add(bodies.Aggregate(kept, (from, without) => pool.Tries.Combine(TrieOperation.Except, from, (TrieNode)without)));
        }
        else
        {
            members.Add(bodies.Length == 1 ? pool.Not(bodies[0], open) : pool.Not(pool.Or(bodies), open));
        }
    }

    private static void JoinTries(NodePool pool, List<Node> members)
    {
        TrieNode? joined = null;
        foreach (var member in members)
        {
            if (member is TrieNode trie)
                joined = joined is null ? trie : pool.Tries.Combine(TrieOperation.Intersect, joined, trie);
        }

        if (joined is null)
            return;

        members.RemoveAll(static m => m is TrieNode);
        members.Add(joined);
    }

    // [ab]{1,9} and .{0,5} is [ab]{1,5}; a count that the other members keep anyway is left out.
    private static void JoinCounts(NodePool pool, List<Node> members)
    {
        var (character, min, max, joined) = (pool.AnyCharacter, 0, Node.Unbounded, 0);
        for (var i = members.Count - 1; i >= 0; i--)
        {
            if (members[i] is not RepeatNode { Body: TrieNode { IsOneCharacter: true } body } repeat)
                continue;

            members.RemoveAt(i);
            (character, min, max) = (pool.Tries.Combine(TrieOperation.Intersect, character, body), Math.Max(min, repeat.Min), Math.Min(max, repeat.Max));
            joined++;
        }

        var isMet = ReferenceEquals(character, pool.AnyCharacter)
            && members.Exists(m => m.IsPlain && m.ShortestCharacters >= min && (max == Node.Unbounded || m.LongestCharacters <= max));
        if (joined > 0 && !isMet)
            members.Add(pool.Repeat(character, min, max));
    }

    private static bool HaveNothingInCommon(NodePool pool, List<Node> members)
    {
        var (shortest, longest) = (0, long.MaxValue);
        foreach (var member in members)
        {
            if (ReferenceEquals(member, pool.Empty))
                return true;

            shortest = Math.Max(shortest, member.ShortestCharacters);
            longest = Math.Min(longest, member.LongestCharacters);
            if (member is NotNode { Body: var body } && (members.Contains(body) || (body is OrNode or && members.Exists(m => Array.IndexOf(or.Members, m) >= 0))))
                return true;
        }

        return shortest > longest || (members.Contains(pool.Epsilon) && !members.TrueForAll(static m => m.IsNullable));
    }

    private static Node[] Sort(List<Node> members)
    {
        members.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        for (var i = members.Count - 1; i > 0; i--)
        {
            if (ReferenceEquals(members[i], members[i - 1]))
                members.RemoveAt(i);
        }

        return members.ToArray();
    }
}
