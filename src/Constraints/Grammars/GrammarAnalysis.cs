using Penstock.Constraints.Text.Nodes;

namespace Penstock.Constraints.Grammars;

/// <summary>What must be known of all rules before any of them becomes an automaton: their shortest texts, and that none calls itself first.</summary>
internal sealed class GrammarAnalysis
{
    private const long Infinite = long.MaxValue / 4;

    private readonly Dictionary<string, GrammarTree> rules;
    private readonly NodePool pool;
    private readonly Dictionary<string, (long Bytes, long Characters)> shortest = new(StringComparer.Ordinal);

    private GrammarAnalysis(Dictionary<string, GrammarTree> rules, NodePool pool) => (this.rules, this.pool) = (rules, pool);

    /// <summary>Why the rules make no grammar, or null.</summary>
    public string? Problem { get; private set; }

    public static GrammarAnalysis Of(Dictionary<string, GrammarTree> rules, NodePool pool)
    {
        var analysis = new GrammarAnalysis(rules, pool);
        analysis.Problem = analysis.FindUndefined() ?? analysis.FindUnproductive() ?? analysis.FindLeftRecursion();
        return analysis;
    }

    /// <summary>Bytes and characters of a rule's shortest text.</summary>
    public (int Bytes, int Characters) Shortest(string name) => (NodePool.Checked(shortest[name].Bytes), NodePool.Checked(shortest[name].Characters));

    private string? FindUndefined()
    {
        if (!rules.ContainsKey("root"))
            return "no rule \"root\", where texts begin";

        foreach (var (name, body) in rules)
        {
            foreach (var used in Used(body))
            {
                if (!rules.ContainsKey(used))
                    return $"a rule \"{name}\" that uses \"{used}\", which is not there";
            }
        }

        return null;
    }

    // Shortest texts to a fixed point, from below: a rule is looked at again when one that it uses has become shorter.
    private string? FindUnproductive()
    {
        Dictionary<string, List<string>> users = new(StringComparer.Ordinal);
        foreach (var (name, body) in rules)
        {
            shortest.Add(name, (Infinite, Infinite));
            foreach (var used in Used(body))
            {
                if (!users.TryGetValue(used, out var list))
                    users.Add(used, list = []);

                list.Add(name);
            }
        }

        var waiting = new Queue<string>(rules.Keys);
        var isWaiting = new HashSet<string>(rules.Keys, StringComparer.Ordinal);
        while (waiting.TryDequeue(out var name))
        {
            pool.Deadline?.ThrowIfPassed();
            isWaiting.Remove(name);
            var measured = Measure(rules[name]);
            if (measured == shortest[name])
                continue;

            shortest[name] = measured;
            foreach (var user in users.GetValueOrDefault(name) ?? [])
            {
                if (isWaiting.Add(user))
                    waiting.Enqueue(user);
            }
        }

        var endless = rules.Keys.FirstOrDefault(name => shortest[name].Bytes >= Infinite);
        return endless is null ? null : $"a rule \"{endless}\" that no text can finish";
    }

    private string? FindLeftRecursion()
    {
        var finished = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        var onPath = new HashSet<string>(StringComparer.Ordinal);
        var calls = new Stack<IEnumerator<string>>();
        foreach (var start in rules.Keys)
        {
            if (!finished.Contains(start))
                Enter(start);

            while (calls.TryPeek(out var next))
            {
                if (!next.MoveNext())
                {
                    calls.Pop();
                    finished.Add(path[^1]);
                    onPath.Remove(path[^1]);
                    path.RemoveAt(path.Count - 1);
                }
                else if (onPath.Contains(next.Current))
                {
                    return $"a rule \"{next.Current}\" that begins with itself (left recursion; write it as a repetition)";
                }
                else if (!finished.Contains(next.Current))
                {
                    Enter(next.Current);
                }
            }
        }

        return null;

        void Enter(string name)
        {
            pool.Deadline?.ThrowIfPassed();
            path.Add(name);
            onPath.Add(name);
            calls.Push(First(rules[name]).ToHashSet(StringComparer.Ordinal).GetEnumerator());
        }
    }

    private (long Bytes, long Characters) Measure(GrammarTree tree)
    {
        switch (tree)
        {
            case GrammarTree.Characters { Set: { IsEmpty: false } set }:
                return (pool.Tries.Characters(set).ShortestBytes, 1);
            case GrammarTree.Literal literal:
                return (literal.Utf8.Length, literal.Utf8.Count(static b => b is < 0x80 or >= 0xC0));
            case GrammarTree.Sequence sequence:
                var (bytes, characters) = (0L, 0L);
                foreach (var item in sequence.Items.Select(Measure))
                    (bytes, characters) = (Math.Min(bytes + item.Bytes, Infinite), Math.Min(characters + item.Characters, Infinite));

                return (bytes, characters);
            case GrammarTree.Choice choice:
                var options = choice.Options.Select(Measure).ToArray();
                return (options.Min(static o => o.Bytes), options.Min(static o => o.Characters));
            case GrammarTree.Repetition { Min: 0 }:
                return (0, 0);
            case GrammarTree.Repetition repetition:
                var once = Measure(repetition.Body);
                return (Times(once.Bytes, repetition.Min), Times(once.Characters, repetition.Min));
            case GrammarTree.Rule rule:
                return shortest[rule.Name];
            default:
                return (Infinite, Infinite);
        }
    }

    private static long Times(long length, int count) => length > Infinite / count ? Infinite : length * count;

    private static IEnumerable<string> Used(GrammarTree tree) => tree switch
    {
        GrammarTree.Rule rule => [rule.Name],
        GrammarTree.Sequence sequence => sequence.Items.SelectMany(Used),
        GrammarTree.Choice choice => choice.Options.SelectMany(Used),
        GrammarTree.Repetition repetition => Used(repetition.Body),
        _ => [],
    };

    // The rules that may be called before a character has been taken.
    private IEnumerable<string> First(GrammarTree tree)
    {
        switch (tree)
        {
            case GrammarTree.Rule rule:
                return [rule.Name];
            case GrammarTree.Sequence sequence:
                var taken = sequence.Items.TakeWhile(item => Measure(item).Bytes == 0).Count();
                return sequence.Items.Take(taken + 1).SelectMany(First);
            case GrammarTree.Choice choice:
                return choice.Options.SelectMany(First);
            case GrammarTree.Repetition repetition:
                return repetition.Max == 0 ? [] : First(repetition.Body);
            default:
                return [];
        }
    }
}
