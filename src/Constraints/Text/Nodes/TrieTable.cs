namespace Penstock.Constraints.Text.Nodes;

/// <summary>Makes the tries of one pool; equal ones are one object.</summary>
internal sealed class TrieTable
{
    private readonly NodePool pool;
    private readonly Dictionary<TrieKey, TrieNode> known = [];
    private readonly Dictionary<CodePointSet, TrieNode> characters = [];
    private readonly Dictionary<(TrieOperation, int, int), TrieNode> combined = [];

    public TrieTable(NodePool pool)
    {
        this.pool = pool;
        Empty = new TrieNode(pool.NextId(), accepts: false, [], null);
        Epsilon = new TrieNode(pool.NextId(), accepts: true, [], Empty);
        known.Add(new TrieKey(false, []), Empty);
        known.Add(new TrieKey(true, []), Epsilon);
    }

    /// <summary>No string.</summary>
    public TrieNode Empty { get; }

    /// <summary>The empty string alone.</summary>
    public TrieNode Epsilon { get; }

    /// <summary>One character of a set.</summary>
    public TrieNode Characters(CodePointSet set)
    {
        if (set.Ranges is [{ First: < 0x80 } only] && only.First == only.Last)
            return Literal([(byte)only.First]);

        if (!characters.TryGetValue(set, out var trie))
            characters.Add(set, trie = CharacterTrie.Of(this, set));

        return trie;
    }

    public TrieNode Literal(ReadOnlySpan<byte> bytes)
    {
        var node = Epsilon;
        for (var i = bytes.Length - 1; i >= 0; i--)
            node = Make(false, new TrieEdge[] { new(bytes[i], bytes[i], node) });

        return node;
    }

    /// <summary>The automaton of a set of strings, from its last nodes to its first (J. Daciuk et al. 2000, for sorted input).</summary>
    public TrieNode AnyOf(IEnumerable<byte[]> literals)
    {
        var words = literals.ToArray();
        Array.Sort(words, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        List<PendingTrie> path = [new()];
        byte[] last = [];
        foreach (var word in words)
        {
            var shared = word.AsSpan().CommonPrefixLength(last);
            Close(path, last, shared);
            for (var i = shared; i < word.Length; i++)
                path.Add(new PendingTrie());

            path[^1].Accepts = true;
            last = word;
        }

        Close(path, last, 0);
        return Make(path[0].Accepts, path[0].Edges);
    }

    /// <summary>The node with these edges, which are in order; neighbours with one target become one edge.</summary>
    public TrieNode Make(bool accepts, List<TrieEdge> edges) => Make(accepts, edges.ToArray());

    /// <summary>One character of a class, then a string of the tail.</summary>
    public TrieNode Append(TrieNode character, TrieNode tail)
    {
        if (ReferenceEquals(character, Epsilon))
            return tail;

        if (ReferenceEquals(tail, Empty))
            return Empty;

        var edges = new TrieEdge[character.Edges.Length];
        for (var i = 0; i < edges.Length; i++)
            edges[i] = character.Edges[i] with { Target = Append(character.Edges[i].Target, tail) };

        return Make(false, edges);
    }

    public TrieNode Combine(TrieOperation operation, TrieNode a, TrieNode b)
    {
        if (ReferenceEquals(a, b))
            return operation == TrieOperation.Except ? Empty : a;

        if (ReferenceEquals(a, Empty))
            return operation == TrieOperation.Union ? b : Empty;

        if (ReferenceEquals(b, Empty))
            return operation == TrieOperation.Intersect ? Empty : a;

        if (operation != TrieOperation.Except && a.Id > b.Id)
            (a, b) = (b, a);

        if (combined.TryGetValue((operation, a.Id, b.Id), out var node))
            return node;

        NodePool.GuardStack();
        node = Make(Decide(operation, a.IsNullable, b.IsNullable), CombineEdges(operation, a.Edges, b.Edges));
        combined.Add((operation, a.Id, b.Id), node);
        return node;
    }

    // Keeps the edges.
    private TrieNode Make(bool accepts, TrieEdge[] edges)
    {
        var last = 0;
        for (var i = 1; i < edges.Length; i++)
        {
            if (ReferenceEquals(edges[last].Target, edges[i].Target) && edges[last].Last + 1 == edges[i].First)
                edges[last] = edges[last] with { Last = edges[i].Last };
            else
                edges[++last] = edges[i];
        }

        var key = new TrieKey(accepts, last + 1 < edges.Length ? edges[..(last + 1)] : edges);
        if (!known.TryGetValue(key, out var node))
            known.Add(key, node = new TrieNode(pool.NextId(), accepts, key.Edges, Empty));

        return node;
    }

    private List<TrieEdge> CombineEdges(TrieOperation operation, TrieEdge[] a, TrieEdge[] b)
    {
        List<TrieEdge> edges = [];
        var (i, j, at) = (0, 0, 0);
        while (at < 256 && (i < a.Length || j < b.Length))
        {
            var inA = i < a.Length && a[i].First <= at;
            var inB = j < b.Length && b[j].First <= at;
            var end = Math.Min(End(a, i, inA), End(b, j, inB));
            if (inA || inB)
            {
                var target = Combine(operation, inA ? a[i].Target : Empty, inB ? b[j].Target : Empty);
                if (!ReferenceEquals(target, Empty))
                    edges.Add(new TrieEdge((byte)at, (byte)end, target));
            }

            if (inA && a[i].Last == end)
                i++;

            if (inB && b[j].Last == end)
                j++;

            at = end + 1;
        }

        return edges;
    }

    private static int End(TrieEdge[] edges, int index, bool inside) =>
        inside ? edges[index].Last : index < edges.Length ? edges[index].First - 1 : 255;

    private static bool Decide(TrieOperation operation, bool a, bool b) => operation switch
    {
        TrieOperation.Union => a || b,
        TrieOperation.Intersect => a && b,
        _ => a && !b,
    };

    private void Close(List<PendingTrie> path, byte[] word, int depth)
    {
        while (path.Count > depth + 1)
        {
            var node = Make(path[^1].Accepts, path[^1].Edges);
            path.RemoveAt(path.Count - 1);
            path[^1].Edges.Add(new TrieEdge(word[path.Count - 1], word[path.Count - 1], node));
        }
    }

    private sealed class PendingTrie
    {
        public bool Accepts { get; set; }

        public List<TrieEdge> Edges { get; } = [];
    }
}
