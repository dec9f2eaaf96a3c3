namespace Penstock.Engine.Scheduling;

/// <summary>How far a <see cref="SequenceGroup"/> has come.</summary>
public enum SequenceGroupState
{
    /// <summary>Holds nothing; waits for admission.</summary>
    Waiting,

    /// <summary>Admitted: its worst case is reserved, its prompt is being computed.</summary>
    Prefilling,

    /// <summary>The prompt is computed; each live choice takes one row a step.</summary>
    Decoding,

    /// <summary>Holds nothing any more.</summary>
    Ended,
}
