using System.Buffers;
using System.Text;
using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Normalizing;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Values;

/// <summary>
/// Finds whether terms have values, and short ones, as the least fixpoint over the terms that their required parts come to: every length begins as
/// unknown and is lowered until nothing changes, so a schema that requires itself for ever has none.
/// </summary>
internal sealed class ShortestValues(LanguagePool texts, CompileBudget budget)
{
    // Longer "shortest" values are an attack by nested minItems.
    private const long LargestValue = 4 * 1024 * 1024;

    private readonly Dictionary<SchemaTerm, Entry?> known = [];
    private readonly HashSet<ArrayShape> enumerating = [];

    /// <summary>Bytes of the short value of a term, or null where it has none.</summary>
    public int? LengthOf(SchemaTerm term) => (int?)Find(term)?.Length;

    /// <summary>The alternatives of a term that have a value.</summary>
    public IReadOnlyList<ValueShape> Satisfiable(SchemaTerm term)
    {
        if (Find(term) is null)
        {
            return [];
        }

        var shapes = term.Candidates;
        var some = shapes.Where(HasValue).ToArray();
        return some.Length == shapes.Count ? shapes : some;

        bool HasValue(ValueShape shape)
        {
            budget.Charge();
            return shape switch
            {
                ObjectShape value => new ObjectPlanner(value, texts, budget, LengthOf).Choose(),
                ArrayShape array => PlanOf(array, LengthOf) is not null,
                _ => true,
            };
        }

        long? LengthOf(SchemaTerm other) => Find(other)?.Length;
    }

    /// <summary>Writes the short value of a term.</summary>
    public void Write(SchemaTerm term, IBufferWriter<byte> output)
    {
        var entry = Find(term) ?? throw new InvalidOperationException("An unsatisfiable term has no value.");
        entry.Plan.Write(output, Write);
    }

    /// <summary>How a value of a shape is written, given the lengths of other terms.</summary>
    public ValuePlan? PlanOf(ValueShape shape, Func<SchemaTerm, long?> lengthOf) => shape switch
    {
        LiteralShape word => ValuePlan.Of(word.Text.ToArray()),
        NumberShape number => NumberBuilder.Example(number) is { } value ? ValuePlan.Of(Encoding.ASCII.GetBytes(value.ToString())) : null,
        StringShape text => PlanOf(text),
        ArrayShape array => PlanOf(array, lengthOf),
        ObjectShape value => new ObjectPlanner(value, texts, budget, lengthOf).Plan(),
        _ => throw new InvalidOperationException("A kind of shape without values."),
    };

    private Entry? Find(SchemaTerm term)
    {
        if (!this.known.TryGetValue(term, out var entry))
        {
            Run(term);
            entry = this.known[term];
        }

        return entry;
    }

    private void Run(SchemaTerm root)
    {
        var found = new Dictionary<SchemaTerm, Entry?>();
        var readers = new Dictionary<SchemaTerm, HashSet<SchemaTerm>>();
        var pending = new Stack<SchemaTerm>([root]);
        found.Add(root, null);
        while (pending.TryPop(out var term))
        {
            try
            {
                budget.Charge();
                if (!Evaluate(term, found, readers, pending))
                {
                    continue;
                }
            }
            catch (ConstraintLimitException)
            {
                budget.Place ??= term.Place;
                throw;
            }

            foreach (var reader in readers.GetValueOrDefault(term) ?? [])
            {
                pending.Push(reader);
            }
        }

        foreach (var (term, entry) in found)
        {
            this.known.TryAdd(term, entry);
        }
    }

    /// <summary>Looks for a shorter value of a term.</summary>
    /// <returns>Whether one was found.</returns>
    private bool Evaluate(SchemaTerm term, Dictionary<SchemaTerm, Entry?> found, Dictionary<SchemaTerm, HashSet<SchemaTerm>> readers, Stack<SchemaTerm> pending)
    {
        long? LengthOf(SchemaTerm other)
        {
            if (this.known.TryGetValue(other, out var known))
            {
                return known?.Length;
            }

            if (found.TryAdd(other, null))
            {
                readers.Add(other, []);
                pending.Push(other);
            }

            if (readers.TryGetValue(other, out var those))
            {
                those.Add(term);
            }
            else
            {
                readers.Add(other, [term]);
            }

            return found[other]?.Length;
        }

        var before = found[term];
        // A plan that was good before has grown shorter with its parts, and may still be better than what the planners choose now.
        var best = before is null ? null : Entry.Of(before.Plan, LengthOf);
        foreach (var shape in term.Candidates)
        {
            budget.Charge();
            if (PlanOf(shape, LengthOf) is { } plan && Entry.Of(plan, LengthOf) is { } entry && (best is null || entry.Length < best.Length))
            {
                best = entry;
            }
        }

        if (best is null || (before is not null && best.Length >= before.Length))
        {
            return false;
        }

        if (best.Length > LargestValue)
        {
            throw new ConstraintLimitException(ConstraintBound.Size, $"The shortest value that the schema allows has more than {LargestValue} bytes; lower its minItems, minLength or minProperties.");
        }

        found[term] = best;
        return true;
    }

    private static ValuePlan? PlanOf(StringShape shape)
    {
        if (shape.MinLength > 0)
        {
            return shape.MinLength > LargestValue
                ? throw new ConstraintLimitException(ConstraintBound.Size, $"A string must have {shape.MinLength} characters; {LargestValue} is the largest bound that is supported.")
                : ValuePlan.Of([(byte)'"', .. Enumerable.Repeat((byte)'x', shape.MinLength), (byte)'"']);
        }

        var ending = new ArrayBufferWriter<byte>();
        shape.Language.Start.WriteEnding(ending);
        var text = ending.WrittenSpan;
        var characters = 0;
        foreach (var value in text)
        {
            characters += (value & 0xC0) == 0x80 ? 0 : 1;
        }

        // The fewest bytes need not be the fewest characters.
        return ValuePlan.Of(JsonText.Quote(characters <= shape.MaxLength ? text : TextEnumerator.Texts(shape.Language, 0, shape.MaxLength).First()));
    }

    private ValuePlan? PlanOf(ArrayShape shape, Func<SchemaTerm, long?> lengthOf)
    {
        if (new ArrayPlanner(shape, budget.Limits.LeastCount, lengthOf).Items() is not { } items)
        {
            return null;
        }

        var count = items.Sum(item => item.Times);
        var plan = new ValuePlan();
        plan.Add("["u8);
        if (shape.Unique && count > 1)
        {
            if (Distinct(shape, items, count) is not { } values)
            {
                return null;
            }

            for (var i = 0; i < values.Count; i++)
            {
                plan.Add([.. i > 0 ? ","u8 : ""u8, .. values[i]]);
            }
        }
        else
        {
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0)
                {
                    plan.Add(","u8);
                }

                plan.Add(items[i].Item, items[i].Times);
            }
        }

        plan.Add("]"u8);
        return plan;
    }

    /// <summary>Different values for items. An array within its own items that must be unique has none that can be found, and counts as having none.</summary>
    private List<byte[]>? Distinct(ArrayShape shape, List<(SchemaTerm Item, int Times)> items, int count)
    {
        if (!enumerating.Add(shape))
        {
            return null;
        }

        var values = new List<byte[]>();
        var seen = new HashSet<string>();
        foreach (var (item, times) in items)
        {
            var fresh = new DistinctValues(this).Of(item).Take(count).Where(value => seen.Add(Encoding.UTF8.GetString(value))).Take(times).ToArray();
            values.AddRange(fresh);
        }

        enumerating.Remove(shape);
        return values.Count == count ? values : null;
    }

    private sealed record Entry(ValuePlan Plan, long Length)
    {
        public static Entry? Of(ValuePlan plan, Func<SchemaTerm, long?> lengthOf) => plan.Length(lengthOf) is { } length ? new(plan, length) : null;
    }
}
