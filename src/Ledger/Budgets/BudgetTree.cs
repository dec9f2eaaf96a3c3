namespace Penstock.Ledger.Budgets;

/// <summary>All nodes. Immutable and thread-safe.</summary>
public sealed class BudgetTree
{
    private readonly Dictionary<string, BudgetNode> nodes;

    /// <param name="nodes">Every node, in any order.</param>
    /// <exception cref="ArgumentException">They are no tree, or promise what they do not have; <see cref="Faults"/> says all that is wrong.</exception>
    public BudgetTree(IReadOnlyList<BudgetNode> nodes)
    {
        if (Faults(nodes) is [var first, ..])
        {
            throw new ArgumentException(first, nameof(nodes));
        }

        this.nodes = nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
    }

    /// <summary>A tree without nodes: nobody is limited.</summary>
    public static BudgetTree Empty { get; } = new([]);

    /// <summary>Every node.</summary>
    public IReadOnlyCollection<BudgetNode> Nodes => nodes.Values;

    /// <summary>Whether there is a node of that name.</summary>
    public bool Has(string name) => nodes.ContainsKey(name);

    /// <summary>
    /// The node and all above it, from the lowest to the top; empty when there is none of that name. A name that the tree does not have and that has a slash was that of a key, whose tenant's name
    /// is before the slash: what a key spent before it was removed still counts for those above it.
    /// </summary>
    public IReadOnlyList<BudgetNode> PathOf(string name)
    {
        var path = new List<BudgetNode>();
        for (var node = Nearest(name); node is not null; node = node.Parent is null ? null : nodes[node.Parent])
        {
            path.Add(node);
        }

        return path;
    }

    /// <summary>What is wrong with these nodes, a sentence each: names that are not unique, parents that are missing or their own, limits given twice, guarantees beyond the cap that they are promised from.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyList<BudgetNode> nodes)
    {
        var faults = new List<string>();
        faults.AddRange(nodes.GroupBy(node => node.Name).Where(group => group.Count() > 1).Select(group => $"There are two budgets of the name '{group.Key}'; names are unique."));
        if (faults.Count > 0)
        {
            return faults;
        }

        var byName = nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        faults.AddRange(nodes.Where(node => node.Parent is not null && !byName.ContainsKey(node.Parent)).Select(node => $"'{node.Name}' has the parent '{node.Parent}', which does not exist."));
        faults.AddRange(nodes.Where(node => IsItsOwnAncestor(node, byName)).Select(node => $"'{node.Name}' is its own ancestor; parents make a tree."));
        faults.AddRange(nodes.SelectMany(LimitFaults));
        if (faults.Count == 0)
        {
            faults.AddRange(GuaranteeFaults(nodes, byName));
        }

        return faults;
    }

    /// <summary>The nearest node above that has a limit of that window and unit.</summary>
    internal static BudgetNode? Guarantor(BudgetNode node, BudgetLimit limit, Func<string, BudgetNode> find)
    {
        for (var above = node.Parent; above is not null;)
        {
            var candidate = find(above);
            if (candidate.Limits.Any(other => other.Window == limit.Window && other.Unit == limit.Unit))
            {
                return candidate;
            }

            above = candidate.Parent;
        }

        return null;
    }

    internal BudgetNode? Guarantor(BudgetNode node, BudgetLimit limit) => Guarantor(node, limit, name => nodes[name]);

    private BudgetNode? Nearest(string name)
    {
        BudgetNode? node;
        while (!nodes.TryGetValue(name, out node) && name.LastIndexOf('/') is >= 0 and var slash)
        {
            name = name[..slash];
        }

        return node;
    }

    private static IEnumerable<string> LimitFaults(BudgetNode node)
    {
        foreach (var twins in node.Limits.GroupBy(limit => (limit.Window, limit.Unit)).Where(group => group.Count() > 1))
        {
            yield return $"'{node.Name}' has two limits of {twins.Key.Unit} in the window {twins.Key.Window.Name()}; one is enough.";
        }

        foreach (var limit in node.Limits)
        {
            if ((limit.Unit == BudgetUnit.Concurrency) != (limit.Window == BudgetWindow.Now))
            {
                yield return $"'{node.Name}' has a limit of {limit.Unit} in the window {limit.Window.Name()}; concurrency has no window, and everything else has one.";
            }

            if (limit.Cap < 0 || limit.Guarantee < 0 || limit.Guarantee > limit.Cap)
            {
                yield return $"'{node.Name}' has a limit of {limit.Unit} below zero, or a guarantee above its cap.";
            }
        }
    }

    private static IEnumerable<string> GuaranteeFaults(IReadOnlyList<BudgetNode> nodes, Dictionary<string, BudgetNode> byName)
    {
        var promises =
            from node in nodes
            from limit in node.Limits
            where limit.Guarantee > 0
            group (node, limit) by (limit.Window, limit.Unit, Guarantor: Guarantor(node, limit, name => byName[name])?.Name);
        foreach (var promise in promises)
        {
            var (window, unit, name) = promise.Key;
            var cap = name is null ? null : byName[name].Limits.First(limit => limit.Window == window && limit.Unit == unit).Cap;
            if (cap is null || promise.Sum(one => (decimal)one.limit.Guarantee) > cap)
            {
                yield return $"{string.Join(", ", promise.Select(one => $"'{one.node.Name}'"))} is guaranteed {unit} in the window {window.Name()}, but no node above has a cap there that is as large.";
            }
        }
    }

    private static bool IsItsOwnAncestor(BudgetNode node, Dictionary<string, BudgetNode> byName)
    {
        var above = node.Parent;
        for (var height = 0; above is not null && height <= byName.Count; height++)
        {
            if (above == node.Name)
            {
                return true;
            }

            above = byName.GetValueOrDefault(above)?.Parent;
        }

        return false;
    }
}
