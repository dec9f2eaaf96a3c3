using System.Buffers;

namespace Penstock.Constraints.Composition;

/// <summary>Any of several texts, followed side by side until one is left.</summary>
public sealed class ChoiceState : ConstraintState
{
    // Texts that repeat (several calls) could make states without end: beyond this many the transitions are worked out again.
    private const int MostRemembered = 256;

    private readonly ConstraintState[] options;
    private readonly Dictionary<byte, ConstraintState?> steps = [];

    private ChoiceState(ConstraintState[] options) => this.options = options;

    public override bool IsAccepting => Array.Exists(options, option => option.IsAccepting);

    public override int EndingLength => Shortest().EndingLength;

    /// <summary>A state for any of these, at least one; the state itself where there is one.</summary>
    public static ConstraintState Of(params IReadOnlyList<ConstraintState> options) => Flat(options) is { Length: > 1 } many ? new ChoiceState(many) : options[0];

    public override ConstraintState? Step(byte value)
    {
        if (steps.TryGetValue(value, out var known))
            return known;

        List<ConstraintState> left = [];
        foreach (var option in options)
        {
            if (option.Step(value) is { } next)
                left.Add(next);
        }

        // The same options again are the same state: a loop must not make new ones for ever.
        var state = left.Count == 0 ? null : left.Count == options.Length && left.SequenceEqual(options) ? this : Of(left);
        if (steps.Count < MostRemembered)
            steps.Add(value, state);
        return state;
    }

    public override void WriteEnding(IBufferWriter<byte> output) => Shortest().WriteEnding(output);

    private ConstraintState Shortest()
    {
        var shortest = options[0];
        foreach (var option in options)
        {
            if (option.EndingLength < shortest.EndingLength)
                shortest = option;
        }

        return shortest;
    }

    private static ConstraintState[] Flat(IReadOnlyList<ConstraintState> options) =>
        [.. options.SelectMany(option => option is ChoiceState choice ? choice.options : [option]).Distinct()];
}
