using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>A word: no condition but its kind says anything about it.</summary>
internal sealed class LiteralBuilder(LiteralShape word) : ShapeBuilder
{
    public override bool Add(Atom atom) => true;

    public override ShapeBuilder Clone() => this;

    public override ValueShape Build() => word;
}
