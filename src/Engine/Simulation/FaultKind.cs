namespace Penstock.Engine.Simulation;

/// <summary>What can be made to go wrong in a step.</summary>
public enum FaultKind
{
    /// <summary>The step fails; the KV of its sequences is undefined.</summary>
    Fail,

    /// <summary>The runner throws.</summary>
    Throw,

    /// <summary>The step is aborted though nobody asked for it.</summary>
    Abort,

    /// <summary>The runner says that blocks were not reserved.</summary>
    OutOfBlocks,

    /// <summary>The step takes a hundred times as long.</summary>
    Slow,

    /// <summary>The step hangs for five seconds and then completes.</summary>
    Hang,

    /// <summary>The step completes, and every output of its first slice is not a number.</summary>
    NotANumber,
}
