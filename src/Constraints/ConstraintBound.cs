namespace Penstock.Constraints;

/// <summary>What a constraint may use of the machine; each is bounded so that no input holds up other requests.</summary>
public enum ConstraintBound
{
    /// <summary>Time of the whole compile.</summary>
    Time,

    /// <summary>States and nodes of one compiled constraint, and with them its memory.</summary>
    States,

    /// <summary>Length of a pattern, grammar or schema.</summary>
    Size,

    /// <summary>Depth of nesting.</summary>
    Nesting,
}
