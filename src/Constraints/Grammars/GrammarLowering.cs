using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Grammars;

/// <summary>Makes nodes of rules. Where a rule is met inside itself there is a <see cref="RuleNode"/>; any other is simply put in.</summary>
internal sealed class GrammarLowering(Dictionary<string, GrammarTree> rules, GrammarAnalysis analysis, NodePool pool)
{
    private readonly Dictionary<string, Node> finished = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RuleNode?> open = new(StringComparer.Ordinal);

    public Node Rule(string name)
    {
        if (finished.TryGetValue(name, out var known))
            return known;

        if (open.TryGetValue(name, out var call))
            return call ?? (open[name] = Call(name));

        NodePool.GuardStack();
        open.Add(name, null);
        var body = Lower(rules[name]);
        open.Remove(name, out var made);
        if (made is not null)
            made.Body = body;

        finished.Add(name, made ?? body);
        return made ?? body;
    }

    private RuleNode Call(string name)
    {
        var (bytes, characters) = analysis.Shortest(name);
        return new RuleNode(pool.NextId(), bytes, characters);
    }

    private Node Lower(GrammarTree tree)
    {
        switch (tree)
        {
            case GrammarTree.Characters characters:
                return pool.Tries.Characters(characters.Set);
            case GrammarTree.Literal literal:
                return pool.Tries.Literal(literal.Utf8);
            case GrammarTree.Rule rule:
                return Rule(rule.Name);
            case GrammarTree.Repetition repetition:
                return pool.Repeat(Lower(repetition.Body), repetition.Min, repetition.Max);
            case GrammarTree.Choice choice:
                return pool.Or(choice.Options.Select(Lower).ToArray());
            default:
                Node result = pool.Epsilon;
                foreach (var item in ((GrammarTree.Sequence)tree).Items.Reverse())
                    result = pool.Concat(Lower(item), result);

                return result;
        }
    }
}
