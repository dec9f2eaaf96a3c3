namespace Penstock.Engine.Llama.Running;

/// <summary>
/// The calls that a step becomes, in this order. Hidden states are computed for every row of a call, and many outputs cost much memory.
/// Chunks of prompts and single rows share the last call, whose logits can stay where the library put them: with unified cells that is
/// faster than a call for each (docs/llama-engine.md).
/// </summary>
internal enum StepPart
{
    /// <summary>Chunks with logits for every row, in calls of as many rows as there may be outputs.</summary>
    EveryRow,

    /// <summary>Chunks with a hidden state for every row, in calls like those.</summary>
    Hidden,

    /// <summary>Chunks of prompts and single rows, with at most one output each.</summary>
    Rows,
}
