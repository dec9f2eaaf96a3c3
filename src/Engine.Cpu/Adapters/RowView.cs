namespace Penstock.Engine.Cpu.Adapters;

/// <summary>Which rows of a step the buffers hold, and in which order.</summary>
internal enum RowView
{
    /// <summary>All, as they came.</summary>
    All,

    /// <summary>Those with an output, in the order of the outputs: after the last attention.</summary>
    Outputs,

    /// <summary>Those with logits, in the order of their slots.</summary>
    Logits,
}
