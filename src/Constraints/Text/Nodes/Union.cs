namespace Penstock.Constraints.Text.Nodes;

/// <summary>The normal form of a union's members.</summary>
internal static class Union
{
    /// <summary>
    /// Flat, without duplicates, in order. Members with one tail whose heads are tries become one, and so do neighbouring counts of one body:
    /// <c>ax|bx</c> is <c>[ab]x</c> and <c>a{0,3}x|a{2,5}x</c> is <c>a{0,5}x</c>.
    /// </summary>
    public static Node[] Of(NodePool pool, ReadOnlySpan<Node> members)
    {
        var parts = new List<UnionPart>(members.Length);
        foreach (var member in members)
        {
            if (pool.IsEverything(member))
                return [member];

            if (ReferenceEquals(member, pool.Empty))
                continue;

            if (member is OrNode or)
            {
                foreach (var inner in or.Members)
                    parts.Add(UnionPart.Of(pool, inner));
            }
            else
            {
                parts.Add(UnionPart.Of(pool, member));
            }
        }

        if (parts.Count <= 1)
            return parts.ConvertAll(static p => p.Node).ToArray();

        pool.Work(parts.Count);
        parts.Sort(static (a, b) => a.CompareTo(b));
        var merged = Merge(pool, parts);
        return merged.Exists(pool.IsEverything) ? [merged.Find(pool.IsEverything)!] : Finish(pool, merged);
    }

    private static List<Node> Merge(NodePool pool, List<UnionPart> parts)
    {
        var merged = new List<Node>(parts.Count);
        for (var i = 0; i < parts.Count;)
        {
            var part = parts[i++];
            while (i < parts.Count && part.Join(pool, parts[i]) is { } joined)
            {
                part = joined;
                i++;
            }

            merged.Add(part.Node);
        }

        return merged;
    }

    private static Node[] Finish(NodePool pool, List<Node> members)
    {
        members.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        for (var i = members.Count - 1; i > 0; i--)
        {
            if (ReferenceEquals(members[i], members[i - 1]))
                members.RemoveAt(i);
        }

        if (members.Contains(pool.Epsilon) && members.Exists(m => m.IsNullable && !m.HasCondition && !ReferenceEquals(m, pool.Epsilon)))
            members.Remove(pool.Epsilon);

        foreach (var member in members)
        {
            if (member is NotNode not && members.Contains(not.Body))
                return [pool.Everything(not.Open)];
        }

        return members.ToArray();
    }
}
