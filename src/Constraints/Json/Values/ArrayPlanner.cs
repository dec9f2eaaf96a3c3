using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Values;

/// <summary>Chooses items for a short value of one array shape.</summary>
internal sealed class ArrayPlanner(ArrayShape shape, int leastCount, Func<SchemaTerm, long?> lengthOf)
{
    // Counts of matching items that the search keeps apart.
    private const int LargestSearch = 20_000;

    /// <summary>The terms of the items and how often each is taken, or null where there is no value as far as is known. Does not look at uniqueness.</summary>
    public List<(SchemaTerm Item, int Times)>? Items()
    {
        if (shape.MinItems > leastCount)
        {
            throw new ConstraintLimitException(ConstraintBound.States, $"An array must have {shape.MinItems} items; {leastCount} is the largest bound that is supported.");
        }

        return shape.Contains.Count == 0 ? Plain() : WithRules();
    }

    private List<(SchemaTerm, int)>? Plain()
    {
        var items = new List<(SchemaTerm, int)>();
        var count = Math.Min(shape.MinItems, shape.Prefix.Count);
        for (var i = 0; i < count; i++)
        {
            items.Add((shape.Prefix[i], 1));
        }

        if (shape.MinItems > count)
        {
            items.Add((shape.Rest, shape.MinItems - count));
        }

        return items.TrueForAll(item => lengthOf(item.Item1) is not null) ? items : null;
    }

    /// <summary>
    /// The cheapest way over the indices, where a state is how many items count for each rule (up to what it needs, or, where it has a maximum, up to that).
    /// </summary>
    private List<(SchemaTerm, int)>? WithRules()
    {
        var caps = shape.Contains.Select(rule => rule.Max == int.MaxValue ? rule.Min : Math.Min(rule.Max, Math.Max(rule.Min, 1))).ToArray();
        var states = caps.Aggregate(1L, (all, cap) => Math.Min(all * (cap + 1L), int.MaxValue));
        var longest = Math.Min(shape.MaxItems, Math.Max(shape.MinItems, shape.Contains.Max(rule => rule.From)) + shape.Prefix.Count + shape.Contains.Sum(rule => (long)rule.Min));
        if (states * (longest + 1) > LargestSearch)
        {
            throw new ConstraintLimitException(ConstraintBound.States, "The counts of contains, minContains and minItems are too large to work out together.");
        }

        var ways = new Dictionary<string, Way> { [Key(new int[caps.Length])] = new(null, null, 0, new int[caps.Length]) };
        for (var length = 0; ; length++)
        {
            var done = ways.Values.Where(way => length >= shape.MinItems && IsMet(way.Counts)).MinBy(way => way.Length);
            if (done is not null)
            {
                return done.Items();
            }

            if (length >= longest)
            {
                return null;
            }

            ways = Longer(ways.Values, length, caps);
        }
    }

    private Dictionary<string, Way> Longer(IEnumerable<Way> ways, int index, int[] caps)
    {
        var longer = new Dictionary<string, Way>();
        foreach (var way in ways)
        {
            for (var matched = 0; matched < 1 << caps.Length; matched++)
            {
                if (Next(way, index, matched, caps) is { } next && (!longer.TryGetValue(Key(next.Counts), out var known) || next.Length < known.Length))
                {
                    longer[Key(next.Counts)] = next;
                }
            }
        }

        return longer;
    }

    private Way? Next(Way way, int index, int matched, int[] caps)
    {
        var item = shape.ItemAt(index);
        var counts = (int[])way.Counts.Clone();
        for (var i = 0; i < caps.Length; i++)
        {
            var rule = shape.Contains[i];
            if ((matched >> i & 1) == 1)
            {
                if (index < rule.From || counts[i] + 1 > rule.Max)
                {
                    return null;
                }

                counts[i] = Math.Min(counts[i] + 1, rule.Max == int.MaxValue ? caps[i] : int.MaxValue);
                item = item.And(rule.Matching);
            }
            else if (rule.Other is not null && index >= rule.From)
            {
                item = item.And(rule.Other);
            }
        }

        return lengthOf(item) is { } length ? new(way, item, way.Length + length + 1, counts) : null;
    }

    private bool IsMet(int[] counts)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < shape.Contains[i].Min)
            {
                return false;
            }
        }

        return true;
    }

    private static string Key(int[] counts) => string.Join(',', counts);

    private sealed record Way(Way? Before, SchemaTerm? Item, long Length, int[] Counts)
    {
        public List<(SchemaTerm, int)> Items()
        {
            var items = new List<(SchemaTerm, int)>();
            for (var way = this; way.Item is not null; way = way.Before!)
            {
                items.Add((way.Item, 1));
            }

            items.Reverse();
            return items;
        }
    }
}
