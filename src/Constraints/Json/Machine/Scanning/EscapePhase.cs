namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>Which part of an escape was read last.</summary>
internal enum EscapePhase
{
    /// <summary>None is open.</summary>
    None,

    /// <summary>The backslash.</summary>
    Backslash,

    /// <summary>The u, or hexadecimal digits after it.</summary>
    Hex,

    /// <summary>A high surrogate, which another escape must follow.</summary>
    High,

    /// <summary>The backslash after a high surrogate.</summary>
    SecondBackslash,
}
