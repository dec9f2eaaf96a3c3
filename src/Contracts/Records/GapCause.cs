namespace Penstock.Contracts.Records;

/// <summary>What the engine was doing while a stream waited longer than its gap target for its next token. The first that applies, in this order.</summary>
public enum GapCause
{
    /// <summary>The stream itself was preempted.</summary>
    Preemption,

    /// <summary>KV was saved or restored between the two tokens.</summary>
    KvMovement,

    /// <summary>A step carried somebody else's prompt chunk.</summary>
    Prefill,

    /// <summary>A constraint's mask took most of the time.</summary>
    Constraint,

    /// <summary>The runtime collected garbage.</summary>
    GarbageCollection,

    /// <summary>The stream's reader did not take its tokens.</summary>
    SlowReader,

    /// <summary>None of these is known to apply.</summary>
    Unknown,
}
