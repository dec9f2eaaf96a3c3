namespace Penstock.Constraints.Json.Machine;

/// <summary>What a <see cref="JsonState"/> was asked and found out, apart from its steps.</summary>
internal sealed class StateAnswers
{
    /// <summary>-1 before it is known.</summary>
    public long EndingLength { get; set; } = -1;

    public JsonState? Outline { get; set; }

    public LoopHint? Loop { get; set; }

    public bool IsLoopKnown { get; set; }
}
