using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Text.Ecma;

/// <summary>Makes nodes of parts of patterns that have no assertions. Runs of characters, and choices of such, become one trie.</summary>
internal sealed class PartLowering
{
    private readonly NodePool pool;

    public PartLowering(NodePool pool)
    {
        this.pool = pool;
        Word = Characters(CharacterClasses.Word);
        NotWord = Characters(CharacterClasses.Find('W')!);
    }

    public TrieNode Word { get; }

    public TrieNode NotWord { get; }

    public Node Lower(PatternTree tree) => tree switch
    {
        PatternTree.Characters one => Characters(one.Set),
        PatternTree.Sequence sequence => Sequence(sequence.Items, 0, sequence.Items.Count),
        PatternTree.Choice choice => pool.Or(choice.Options.Select(Lower).ToArray()),
        PatternTree.Repetition repetition => pool.Repeat(Lower(repetition.Body), repetition.Min, repetition.Max),
        _ => throw new ArgumentException("The part has an assertion."),
    };

    /// <summary>The items from one index up to another, one after another.</summary>
    public Node Sequence(IReadOnlyList<PatternTree> items, int start, int end)
    {
        Node result = pool.Epsilon;
        TrieNode? run = null;
        for (var i = end - 1; i >= start; i--)
        {
            if (items[i] is PatternTree.Characters one)
            {
                run = pool.Tries.Append(Characters(one.Set), run ?? pool.Epsilon);
                continue;
            }

            result = pool.Concat(Lower(items[i]), run is null ? result : pool.Concat(run, result));
            run = null;
        }

        return run is null ? result : pool.Concat(run, result);
    }

    /// <summary>The texts of a part but for the empty one.</summary>
    public Node NotEmpty(Node part) => part switch
    {
        RepeatNode { Body.IsNullable: false } repeat => pool.Repeat(repeat.Body, 1, repeat.Max),
        TrieNode trie => pool.Tries.Combine(TrieOperation.Except, trie, pool.Epsilon),
        _ => pool.And(part, pool.Not(pool.Epsilon)),
    };

    private TrieNode Characters(CodePointSet set) => pool.Tries.Characters(set);
}
