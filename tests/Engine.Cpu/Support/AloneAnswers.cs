using Penstock.Engine.Running;

namespace Penstock.Engine.Cpu.Tests.Support;

/// <summary>What a runner answers when a token sequence is alone with it, one token a step. A trie of answers: each prefix is computed once.</summary>
internal sealed class AloneAnswers(IModelRunner runner, AdapterUse adapter = default, int sequence = 0)
{
    private readonly Node root = new();

    public AdapterUse Adapter => adapter;

    private readonly List<int> stored = [];

    public float[] Logits(List<int> tokens)
    {
        var node = root;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!node.Next.TryGetValue(tokens[i], out var next))
                node.Next[tokens[i]] = next = new Node { Logits = Compute(tokens, i + 1) };
            node = next;
        }

        return node.Logits;
    }

    private float[] Compute(List<int> tokens, int count)
    {
        var common = 0;
        while (common < Math.Min(stored.Count, count - 1) && stored[common] == tokens[common])
            common++;
        runner.Kv.Truncate(sequence, common);
        stored.RemoveRange(common, stored.Count - common);
        float[] logits = [];
        for (; stored.Count < count; stored.Add(tokens[stored.Count]))
            logits = runner.ExtendWith(adapter, sequence, tokens[stored.Count]);
        return logits;
    }

    private sealed class Node
    {
        public Dictionary<int, Node> Next { get; } = [];

        public float[] Logits { get; init; } = [];
    }
}
