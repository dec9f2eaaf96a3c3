namespace Penstock.Engine.Running;

/// <summary>How a step ended.</summary>
public enum StepOutcome
{
    /// <summary>All rows are computed and stored.</summary>
    Completed,

    /// <summary>The abort signal was seen: nothing was stored, no sequence's length has changed.</summary>
    Aborted,

    /// <summary>A slice's KV was not reserved: nothing was computed. A bug of the caller, but a value.</summary>
    OutOfBlocks,

    /// <summary>The backend failed. The KV of the slices' sequences is undefined; release them.</summary>
    Failed,
}
