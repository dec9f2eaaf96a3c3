using Penstock.Constraints.Json.Machine.Texts;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>An <see cref="ArrayShape"/> made ready for reading.</summary>
internal sealed class ArrayPlan
{
    private readonly MachineContext context;
    private bool? hasFewItems;

    public ArrayPlan(MachineContext context, ArrayShape shape)
    {
        this.context = context;
        Shape = shape;

        // From here on the index tells nothing more, where the number of items is not bounded.
        LastIndex = shape.MaxItems != int.MaxValue
            ? int.MaxValue
            : Math.Max(Math.Max(shape.Prefix.Count, shape.MinItems), shape.Contains.Select(rule => rule.From).DefaultIfEmpty(0).Max());
    }

    public ArrayShape Shape { get; }

    /// <summary>Larger indices are the same as this one.</summary>
    public int LastIndex { get; }

    /// <summary>Whether the items are of so few values that these may run out.</summary>
    public bool HasFewItems => hasFewItems ??= Shape.Prefix.Append(Shape.Rest).Any(term => term.IsSatisfiable && term.Shapes.All(IsFew));

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
