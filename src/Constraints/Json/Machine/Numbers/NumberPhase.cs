namespace Penstock.Constraints.Json.Machine.Numbers;

/// <summary>Which part of a number was read last.</summary>
internal enum NumberPhase
{
    /// <summary>Nothing.</summary>
    Start,

    /// <summary>The minus sign.</summary>
    Sign,

    /// <summary>A single 0 before the point; no digit may follow it.</summary>
    Zero,

    /// <summary>A digit before the point.</summary>
    Integer,

    /// <summary>The point.</summary>
    Point,

    /// <summary>A digit after the point.</summary>
    Fraction,

    /// <summary>The e.</summary>
    ExponentMark,

    /// <summary>The exponent's sign.</summary>
    ExponentSign,

    /// <summary>A digit of the exponent.</summary>
    Exponent,
}
