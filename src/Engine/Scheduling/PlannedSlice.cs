namespace Penstock.Engine.Scheduling;

/// <summary>Whom a slice of a step is computed for.</summary>
/// <param name="Group">The group.</param>
/// <param name="Choice">The choice that decodes, or -1 for a chunk of a prompt or of an answer that is computed again.</param>
/// <param name="Start">Position of its first row.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Output">Number of its first output in the runner (logits or hidden states), or -1 when it has none: an inner chunk, or one that is computed again.</param>
/// <param name="CompletesPrompt">Whether it is the last chunk of the prompt.</param>
public readonly record struct PlannedSlice(SequenceGroup Group, int Choice, int Start, int Rows, int Output, bool CompletesPrompt)
{
    public bool IsPrefill => Choice < 0;

    /// <summary>Tokens to be sampled from its output: one a choice.</summary>
    public int Samples => Output < 0 || Group.WantsHidden ? 0 : IsPrefill ? Group.Choices : 1;
}
