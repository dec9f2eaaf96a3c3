using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text;

/// <summary>Counts the texts of a node: the paths of its automaton to acceptance, of which there is one for each text.</summary>
internal static class TextCounter
{
    /// <summary>How many, up to <see cref="long.MaxValue"/>, which also stands for a loop.</summary>
    public static long Count(LanguagePool pool, Node start)
    {
        if (Known(start) is { } known)
            return known;

        var counts = new Dictionary<Node, long?>();
        var path = new Stack<Visit>();
        path.Push(new Visit(start));
        counts.Add(start, null);
        while (path.Count > 0)
        {
            var visit = path.Peek();
            if (visit.Next(pool) is not { } step)
            {
                counts[visit.Node] = visit.Count;
                path.Pop();
                if (path.TryPeek(out var before))
                    before.Add(visit.Count);
            }
            else if (Known(step.Node) is { } count)
            {
                visit.Add(count);
            }
            else if (!counts.TryGetValue(step.Node, out var seen))
            {
                counts.Add(step.Node, null);
                path.Push(new Visit(step.Node));
            }
            else if (seen is { } value)
            {
                visit.Add(value);
            }
            else
            {
                return long.MaxValue;
            }

            if (visit.Count == long.MaxValue)
                return long.MaxValue;
        }

        return counts[start]!.Value;
    }

    private static long? Known(Node node) =>
        node is TrieNode trie ? trie.Count : node.IsPlain && node.LongestCharacters == long.MaxValue ? long.MaxValue : null;

    private sealed class Visit(Node node)
    {
        private readonly byte[] starts = node.Classes.Starts();
        private int next;
        private int width;

        public Node Node => node;

        public long Count { get; private set; } = node.IsNullable ? 1 : 0;

        public (Node Node, int Width)? Next(LanguagePool pool)
        {
            while (next < starts.Length)
            {
                var value = starts[next++];
                width = (next < starts.Length ? starts[next] : 256) - value;
                var target = node.Step(pool.Nodes, value);
                if (pool.Search.IsLive(target))
                    return (target, width);
            }

            return null;
        }

        /// <summary>Adds the texts that follow the step taken last.</summary>
        public void Add(long texts) => Count = (long)Int128.Min(Count + ((Int128)texts * width), long.MaxValue);
    }
}
