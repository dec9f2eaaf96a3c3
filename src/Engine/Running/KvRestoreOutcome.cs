namespace Penstock.Engine.Running;

/// <summary>How <see cref="IKvStore.Restore"/> ended.</summary>
public enum KvRestoreOutcome
{
    Restored,

    /// <summary>Not enough free blocks; nothing changed.</summary>
    OutOfBlocks,

    /// <summary>Cut off, damaged, or of another model or KV type; nothing changed.</summary>
    NotCompatible,
}
