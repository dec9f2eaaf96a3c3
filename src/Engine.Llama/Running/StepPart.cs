namespace Penstock.Engine.Llama.Running;

/// <summary>
/// The calls that a step becomes, in this order. Hidden states are computed for every row of a call, many outputs cost much memory, and prefill
/// beside decode is slow in some modes of llama.cpp (docs/llama-engine.md); decode rows come last, so that their logits can stay where the library put them.
/// </summary>
internal enum StepPart
{
    /// <summary>Chunks of prompts, with at most one output each.</summary>
    Prefill,

    /// <summary>Chunks with logits for every row, in calls of as many rows as there may be outputs.</summary>
    EveryRow,

    /// <summary>Chunks with a hidden state for every row, in calls like those.</summary>
    Hidden,

    /// <summary>Single rows.</summary>
    Decode,
}
