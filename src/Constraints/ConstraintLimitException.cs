namespace Penstock.Constraints;

/// <summary>
/// A bound was reached. Thrown where no value can travel (deep inside a lazily built automaton) and turned into an error at the edges: by the
/// compilers into a refusal, and by whoever steps a state while a text is generated into the end of that one request.
/// </summary>
public sealed class ConstraintLimitException(ConstraintBound bound, string message) : Exception(message)
{
    public ConstraintBound Bound { get; } = bound;
}
