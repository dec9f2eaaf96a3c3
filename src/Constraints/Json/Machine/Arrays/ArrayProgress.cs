using System.Buffers;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>Which items an open array has so far, apart from what it is nested in. One that is <see cref="IsAlive"/> can be ended.</summary>
internal sealed class ArrayProgress : Interned
{
    private readonly MachineContext context;
    private readonly int[] counts;
    private ArrayEnding? ending;
    private bool isEnded;
    private ItemStart[]? choices;
    private ItemStart[]? starts;
    private ArrayProgress? outline;

    public ArrayProgress(MachineContext context, ArrayPlan plan, int index, int[] counts, SeenItems? seen)
    {
        this.context = context;
        this.counts = counts;
        Plan = plan;
        Index = index;
        Seen = seen;
    }

    public ArrayPlan Plan { get; }

    /// <summary>How many items counted for the rules so far, together.</summary>
    public int Counted => counts.Sum();

    /// <summary>How many items there are, as far as that matters.</summary>
    public int Index { get; }

    /// <summary>The items, where they must be unique and are remembered; else null.</summary>
    public SeenItems? Seen { get; }

    public bool IsAlive => Ending is not null;

    public bool CanClose => Index >= Plan.Shape.MinItems && MeetsRules;

    /// <summary>Bytes from here, after an item or the opening bracket, to the closing bracket.</summary>
    public long EndLength => Ending!.Length;

    /// <summary>The items that may come next, in all ways to count them.</summary>
    public ItemStart[] Starts => starts ??= Array.FindAll(Choices, CanStart);

    /// <summary>This without the items that were there, unless the values for items may run out.</summary>
    public ArrayProgress Outline => outline ??= Seen is null || Plan.HasFewItems(Index - 1)
        ? this
        : context.Intern(new ArrayProgress(context, Plan, Index, counts, null));

    /// <summary>The next items before it is known whether they leave the array an ending.</summary>
    public ItemStart[] Choices => choices ??= Index >= Plan.Shape.MaxItems ? [] : [.. FindChoices()];

    private bool MeetsRules
    {
        get
        {
            for (var i = 0; i < counts.Length; i++)
            {
                if (counts[i] < Plan.Shape.Contains[i].Min)
                    return false;
            }

            return true;
        }
    }

    private ArrayEnding? Ending
    {
        get
        {
            if (!isEnded)
            {
                ending = ArrayEnding.Of(context, this);
                isEnded = true;
            }

            return ending;
        }
    }

    public ArrayProgress With(byte[] canonicalItem) => Seen is null ? this : context.Intern(new ArrayProgress(context, Plan, Index, counts, Seen.With(context, canonicalItem)));

    public void WriteEnd(IBufferWriter<byte> output) => Ending!.Write(output, isFirst: Index == 0);

    protected override bool IsSame(Interned other)
    {
        var progress = (ArrayProgress)other;
        return ReferenceEquals(Plan, progress.Plan) && Index == progress.Index && ReferenceEquals(Seen, progress.Seen) && counts.AsSpan().SequenceEqual(progress.counts);
    }

    protected override int Hash()
    {
        var hash = HashCode.Combine(Plan, Index, Seen?.Id ?? 0);
        foreach (var count in counts)
            hash = HashCode.Combine(hash, count);

        return hash;
    }

    private bool CanStart(ItemStart start)
    {
        if (Seen is null)
            return start.Next.IsAlive;

        // The item itself needs a value that is not there yet, and leaves one less for those after it.
        return ItemValues.Find(context, start.Value, Seen) is { } value && start.Next.With(CanonicalJson.Of(value)).IsAlive;
    }

    private List<ItemStart> FindChoices()
    {
        var rules = Plan.Shape.Contains;
        var found = new List<(SchemaTerm Term, int[] Counts)> { (Plan.Shape.ItemAt(Index), counts) };
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (Index < rule.From)
                continue;

            // Where the count has no upper bound, an item that matches need not be counted, and is not once there are enough.
            var isBounded = rule.Other is not null;
            var next = new List<(SchemaTerm, int[])>();
            foreach (var (term, before) in found)
            {
                var mayCount = isBounded ? before[i] < rule.Max : before[i] < rule.Min;
                var matching = mayCount ? term.And(rule.Matching) : null;
                if (matching is { IsSatisfiable: true })
                {
                    int[] counted = [.. before];
                    counted[i]++;
                    next.Add((matching, counted));
                }

                if (isBounded ? term.And(rule.Other!) is { IsSatisfiable: true } : !ReferenceEquals(matching, term))
                    next.Add((isBounded ? term.And(rule.Other!) : term, before));
            }

            found = next;
        }

        var satisfiable = new List<ItemStart>(found.Count);
        foreach (var (term, after) in found)
        {
            if (term.IsSatisfiable)
                satisfiable.Add(new(term, context.Intern(new ArrayProgress(context, Plan, Math.Min(Index + 1, Plan.LastIndex), after, Seen))));
        }

        return satisfiable;
    }
}
