using Penstock.Constraints.Json.Machine.Texts;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>An <see cref="ArrayShape"/> made ready for reading.</summary>
internal sealed class ArrayPlan
{
    private readonly MachineContext context;
    private readonly Dictionary<int, bool> hasFewItems = [];

    public ArrayPlan(MachineContext context, ArrayShape shape)
    {
        this.context = context;
        Shape = shape;

        // From here on the index tells nothing more, where the number of items is not bounded.
        LastUsefulIndex = Math.Max(Math.Max(shape.Prefix.Count, shape.MinItems), shape.Contains.Select(rule => rule.From).DefaultIfEmpty(0).Max());
        LastIndex = shape.MaxItems != int.MaxValue ? int.MaxValue : LastUsefulIndex;
    }

    public ArrayShape Shape { get; }

    /// <summary>Larger indices are the same as this one.</summary>
    public int LastIndex { get; }

    /// <summary>From this index on one more item brings an array nearer to its end only where it counts for a rule.</summary>
    public int LastUsefulIndex { get; }

    /// <summary>Whether items from an index on are of so few values that these may run out.</summary>
    public bool HasFewItems(int from)
    {
        from = Math.Clamp(from, 0, Shape.Prefix.Count);
        if (!hasFewItems.TryGetValue(from, out var few))
            hasFewItems.Add(from, few = Shape.Prefix.Skip(from).Append(Shape.Rest).Any(term => term.IsSatisfiable && term.Shapes.All(IsFew)));

        return few;
    }

    public ArrayProgress Start() => context.Intern(new ArrayProgress(
        context, this, 0, new int[Shape.Contains.Count], Shape.Unique ? SeenItems.Empty : null));

    private static bool IsFew(ValueShape shape) => shape switch
    {
        LiteralShape => true,
        StringShape text => TextCount.Of(text.Language.Start) < 1_000,
        NumberShape number => number.Values is not null,
        _ => false,
    };
}
