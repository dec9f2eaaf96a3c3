using System.Diagnostics.CodeAnalysis;

namespace Penstock.Engine.Running;

/// <summary>What the weights of adapters are kept as. Changes answers, and so is part of their fingerprint.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "These are the field's names, as users type and read them.")]
public enum AdapterType
{
    /// <summary>Q8_0 where the matrix that they change is quantized, whose own error is at least as large; elsewhere as the file has them.</summary>
    Auto,

    /// <summary>As each file has them.</summary>
    File,

    /// <summary>Bytes with a half-precision scale for 32 columns: half of what F16 takes, and of the time to read it; errors of 4·10⁻³ of a block's largest value at most.</summary>
    Q8_0,
}
