namespace Penstock.Constraints.Json.Shapes;

/// <summary>
/// What a JSON value of one type must be: a conjunction without negations or choices left in it. One of <see cref="LiteralShape"/>,
/// <see cref="StringShape"/>, <see cref="NumberShape"/>, <see cref="ArrayShape"/> and <see cref="ObjectShape"/>. Immutable.
/// </summary>
public abstract class ValueShape
{
    private protected ValueShape()
    {
    }
}
