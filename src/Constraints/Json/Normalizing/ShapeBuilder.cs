using Penstock.Constraints.Json.Formulas;
using Penstock.Constraints.Json.Shapes;

namespace Penstock.Constraints.Json.Normalizing;

/// <summary>Gathers the conditions on a value of one type that hold together in one alternative.</summary>
internal abstract class ShapeBuilder
{
    /// <summary>Adds a condition on the type.</summary>
    /// <returns>False where no value is left, as far as that is quick to see.</returns>
    public abstract bool Add(Atom atom);

    /// <summary>A copy that goes its own way.</summary>
    public abstract ShapeBuilder Clone();

    /// <summary>The shape, or null where no value is left.</summary>
    public abstract ValueShape? Build();

    /// <summary>Whether another condition leaves no value beside those so far, as far as that is quick to see. Changes nothing.</summary>
    public virtual bool Excludes(Atom atom) => false;

    /// <summary>Whether conditions that are to hold together leave no value beside those so far, though each on its own may. Changes nothing.</summary>
    public virtual bool Excludes(AllFormula together) => false;

    /// <summary>Whether the conditions so far are known to imply another.</summary>
    public virtual bool Implies(Atom atom) => false;
}
