using System.Diagnostics.CodeAnalysis;

namespace Penstock.Engine.Running;

/// <summary>What keys and values are kept as. Changes answers, and so is part of the fingerprint.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "These are the field's names, as users type and read them.")]
public enum KvType
{
    /// <summary>Single precision: what was computed, to the bit.</summary>
    F32,

    /// <summary>Half precision: half of the memory, errors of 5·10⁻⁴ of each value at most.</summary>
    F16,

    /// <summary>Bytes with a half-precision scale for 32 dimensions of a head: 27% of the memory, errors of 4·10⁻³ of a block's largest value at most.</summary>
    Q8_0,
}
