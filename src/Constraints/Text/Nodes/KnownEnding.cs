using System.Buffers;

namespace Penstock.Constraints.Text.Nodes;

/// <summary>Writes the shortest text of a node that tells it by its form.</summary>
internal static class KnownEnding
{
    public static void Write(Node node, IBufferWriter<byte> output)
    {
        NodePool.GuardStack();
        if (node.IsNullable)
            return;

        while (node is ConcatNode concat)
        {
            Write(concat.Head, output);
            node = concat.Tail;
        }

        switch (node)
        {
            case TrieNode trie:
                Write(trie, output);
                break;
            case OrNode or:
                Write(or.Members.Where(static m => m.KnowsEnding).MinBy(static m => m.ShortestBytes)!, output);
                break;
            case RuleNode rule:
                Write(rule.Right, output);
                break;
            case RepeatNode repeat when repeat.Min > 0:
                var once = new ArrayBufferWriter<byte>();
                Write(repeat.Body, once);
                for (var i = 0; i < repeat.Min; i++)
                    output.Write(once.WrittenSpan);

                break;
        }
    }

    private static void Write(TrieNode trie, IBufferWriter<byte> output)
    {
        while (!trie.IsNullable)
        {
            var best = trie.Edges.MinBy(static e => (e.Target.ShortestBytes, PlainBytes.IsPlain(PlainBytes.Of(e.First, e.Last)) ? 0 : 1));
            output.Write([PlainBytes.Of(best.First, best.Last)]);
            trie = best.Target;
        }
    }
}
