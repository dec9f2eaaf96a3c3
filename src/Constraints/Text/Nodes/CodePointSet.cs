namespace Penstock.Constraints.Text.Nodes;

/// <summary>A set of Unicode scalar values as ordered ranges that neither touch nor overlap. Surrogates are never in it: no valid text has them.</summary>
internal sealed class CodePointSet : IEquatable<CodePointSet>
{
    private CodePointSet(CodePointRange[] ranges) => Ranges = ranges;

    public static CodePointSet All { get; } = Of((0, 0x10FFFF));

    public static CodePointSet None { get; } = new([]);

    public CodePointRange[] Ranges { get; }

    public bool IsEmpty => Ranges.Length == 0;

    /// <summary>The union of ranges in any order.</summary>
    public static CodePointSet Of(params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var sorted = new List<CodePointRange>(ranges.Length + 1);
        foreach (var (first, last) in ranges)
        {
            Add(sorted, first, Math.Min(last, 0xD7FF));
            Add(sorted, Math.Max(first, 0xE000), last);
        }

        sorted.Sort(static (a, b) => a.First.CompareTo(b.First));
        var joined = new List<CodePointRange>(sorted.Count);
        foreach (var range in sorted)
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
                joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, range.Last) };
            else
                joined.Add(range);
        }

        return new CodePointSet(joined.ToArray());
    }

    public CodePointSet Union(CodePointSet other) =>
        Of([.. Array.ConvertAll(Ranges, static r => (r.First, r.Last)), .. Array.ConvertAll(other.Ranges, static r => (r.First, r.Last))]);

    public CodePointSet Complement()
    {
        var gaps = new List<(int, int)>(Ranges.Length + 1);
        var next = 0;
        foreach (var range in Ranges)
        {
            if (range.First > next)
                gaps.Add((next, range.First - 1));

            next = range.Last + 1;
        }

        if (next <= 0x10FFFF)
            gaps.Add((next, 0x10FFFF));

        return Of(gaps.ToArray());
    }

    public bool Equals(CodePointSet? other) => other is not null && Ranges.AsSpan().SequenceEqual(other.Ranges);

    public override bool Equals(object? obj) => Equals(obj as CodePointSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var range in Ranges)
            hash.Add(range);

        return hash.ToHashCode();
    }

    private static void Add(List<CodePointRange> ranges, int first, int last)
    {
        if (first <= last)
            ranges.Add(new CodePointRange(first, last));
    }
}
