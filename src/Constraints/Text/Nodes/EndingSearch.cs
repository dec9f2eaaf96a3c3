using System.Buffers;

namespace Penstock.Constraints.Text.Nodes;

/// <summary>
/// Finds whether a node has a text, and its shortest one. Most nodes tell by their form; where intersection, complement or look-ahead decides, the
/// automaton is searched (A*, with the length that the form demands as the estimate), and every node on the way found remembers it.
/// </summary>
internal sealed class EndingSearch(NodePool pool, TextLimits limits)
{
    public bool IsLive(Node node) => node.KnowsEnding || (!ReferenceEquals(node, pool.Empty) && Find(node).Length >= 0);

    public int EndingLength(Node node) => node.KnowsEnding ? node.ShortestBytes : Find(node).Length;

    public void WriteEnding(Node node, IBufferWriter<byte> output)
    {
        while (!node.KnowsEnding)
        {
            var ending = Find(node);
            if (ending.Next is null)
                return;

            output.Write([ending.Value]);
            node = ending.Next;
        }

        KnownEnding.Write(node, output);
    }

    /// <summary>The fewest characters of any text; the node has one.</summary>
    public int ShortestCharacters(Node node) =>
        node.KnowsEnding || node.IsNullable ? node.ShortestCharacters : Search(node, countsCharacters: true) is { } found ? found.Cost : 0;

    private Ending Find(Node node) => node.Ending ?? (node.IsNullable ? node.Ending = Ending.Here : Remember(node));

    private Ending Remember(Node start)
    {
        if (Search(start, countsCharacters: false) is not { } found)
            return start.Ending!;

        var length = found.Goal.KnowsEnding ? found.Goal.ShortestBytes : Find(found.Goal).Length;
        var node = found.Goal;
        while (!ReferenceEquals(node, start))
        {
            var (_, before, value) = found.Steps[node];
            length++;
            before!.Ending ??= new Ending(length, value, node);
            node = before;
        }

        return start.Ending!;
    }

    private SearchResult? Search(Node start, bool countsCharacters)
    {
        var steps = new Dictionary<Node, SearchStep> { [start] = new(0, null, 0) };
        var closed = new HashSet<Node>();
        var open = new PriorityQueue<Node, (int Cost, int Rank)>();
        open.Enqueue(start, (0, 0));
        while (open.TryDequeue(out var node, out _))
        {
            if (!closed.Add(node))
                continue;

            var cost = steps[node].Cost;
            if (Known(node, countsCharacters) is { } rest)
                return new SearchResult(node, cost + rest, steps);

            if (closed.Count > limits.SearchedStates)
                throw new ConstraintLimitException(ConstraintBound.States, $"Finding a text that meets all patterns takes more than {limits.SearchedStates} states; simplify them.");

            Expand(node, cost, countsCharacters, steps, open);
        }

        // Only those without a text were reached.
        foreach (var node in closed)
            node.Ending = Ending.None;

        return null;
    }

    private void Expand(Node node, int cost, bool countsCharacters, Dictionary<Node, SearchStep> steps, PriorityQueue<Node, (int Cost, int Rank)> open)
    {
        var starts = node.Classes.Starts();
        for (var i = 0; i < starts.Length; i++)
        {
            var value = PlainBytes.Of(starts[i], i + 1 < starts.Length ? (byte)(starts[i + 1] - 1) : byte.MaxValue);
            var next = node.Step(pool, value);
            if (ReferenceEquals(next, pool.Empty) || ReferenceEquals(next.Ending, Ending.None))
                continue;

            var reached = cost + (countsCharacters && value is >= 0x80 and < 0xC0 ? 0 : 1);
            if (steps.TryGetValue(next, out var known) && known.Cost <= reached)
                continue;

            steps[next] = new SearchStep(reached, node, value);
            var estimate = Known(next, countsCharacters) ?? (countsCharacters ? next.ShortestCharacters : next.ShortestBytes);
            open.Enqueue(next, (reached + estimate, PlainBytes.IsPlain(value) ? 0 : 1));
        }
    }

    // What the shortest text from a node costs, where that is known without a search.
    private static int? Known(Node node, bool countsCharacters) =>
        node.IsNullable ? 0
        : node.KnowsEnding ? (countsCharacters ? node.ShortestCharacters : node.ShortestBytes)
        : countsCharacters || node.Ending is null || node.Ending.Length < 0 ? null
        : node.Ending.Length;

    private readonly record struct SearchStep(int Cost, Node? Before, byte Value);

    private sealed record SearchResult(Node Goal, int Cost, Dictionary<Node, SearchStep> Steps);
}
