using System.Buffers;

namespace Penstock.Constraints.Composition;

/// <summary>Any of several texts, followed side by side until one is left.</summary>
public sealed class ChoiceState : ConstraintState
{
    // Texts that repeat (several calls) could make states without end: beyond this many the transitions are worked out again.
    private const int MostRemembered = 256;

    private readonly ConstraintState[] options;
    private readonly int preferred;
    private readonly Dictionary<byte, ConstraintState?> steps = [];
    private ConstraintState? shortest;
    private ConstraintState? outline;

    private ChoiceState(ConstraintState[] options, int preferred) => (this.options, this.preferred) = (options, preferred);

    public override bool IsAccepting => Array.Exists(options, option => option.IsAccepting);

    public override ConstraintState Outline => outline ??= FindOutline();

    public override int EndingLength => Shortest.EndingLength;

    private ConstraintState Shortest => shortest ??= FindShortest();

    /// <summary>A state for any of these, at least one; the state itself where there is one.</summary>
    public static ConstraintState Of(params IReadOnlyList<ConstraintState> options) => Of(options, []);

    /// <summary>Either of two, of which <paramref name="goesOn"/> may come round to this very choice: an ending never takes it.</summary>
    public static ConstraintState OrGoOn(ConstraintState ends, ConstraintState goesOn) => Of([ends], [goesOn]);

    public override ConstraintState? Step(byte value)
    {
        if (steps.TryGetValue(value, out var known))
            return known;

        List<ConstraintState> end = [], goOn = [];
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i].Step(value) is { } next)
                (i < preferred ? end : goOn).Add(next);
        }

        // The same options again are the same state: a loop must not make new ones for ever.
        var state = end.Count + goOn.Count == 0 ? null : end.Count == preferred && end.Concat(goOn).SequenceEqual(options) ? this : Of(end, goOn);
        if (steps.Count < MostRemembered)
            steps.Add(value, state);
        return state;
    }

    public override void WriteEnding(IBufferWriter<byte> output) => Shortest.WriteEnding(output);

    private static ConstraintState Of(IReadOnlyList<ConstraintState> ends, IReadOnlyList<ConstraintState> goOn)
    {
        List<ConstraintState> first = [], then = [];
        foreach (var option in ends)
            Add(option, first, then);
        foreach (var option in goOn)
            Add(option, then, then);
        if (first.Count == 0)
            (first, then) = (then, []);
        then.RemoveAll(first.Contains);
        return first.Count + then.Count == 1 ? first[0] : new ChoiceState([.. first, .. then], first.Count);
    }

    private static void Add(ConstraintState option, List<ConstraintState> first, List<ConstraintState> then)
    {
        if (option is not ChoiceState choice)
        {
            if (!first.Contains(option))
                first.Add(option);
            return;
        }

        for (var i = 0; i < choice.options.Length; i++)
            Add(choice.options[i], i < choice.preferred ? first : then, then);
    }

    private ConstraintState FindOutline()
    {
        var outlines = Array.ConvertAll(options, option => option.Outline);
        return outlines.SequenceEqual(options) ? this : Of(outlines[..preferred], outlines[preferred..]);
    }

    private ConstraintState FindShortest()
    {
        var best = Array.Find(options, option => option.IsAccepting) ?? options[0];
        for (var i = 1; i < preferred && !best.IsAccepting; i++)
        {
            if (options[i].EndingLength < best.EndingLength)
                best = options[i];
        }

        return best;
    }
}
