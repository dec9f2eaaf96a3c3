using System.Buffers;

namespace Penstock.Constraints.Composition;

/// <summary>One text and then another. Where the first may end or go on, both are followed.</summary>
public sealed class SequenceState : ConstraintState
{
    private readonly ConstraintState first;
    private readonly Joint joint;
    private Dictionary<byte, ConstraintState>? forks;

    private SequenceState(ConstraintState first, Joint joint) => (this.first, this.joint) = (first, joint);

    public override bool IsAccepting => first.IsAccepting && joint.Then.IsAccepting;

    // Where the first text may end, what follows is decided by more than the number of characters.
    public override LoopHint? Loop => first.IsAccepting ? null : first.Loop;

    public override ConstraintState Outline => first.Outline is var outline && outline != first ? joint.Before(outline) : this;

    public override int EndingLength => (int)Math.Min(int.MaxValue, first.EndingLength + (long)joint.Then.EndingLength);

    /// <summary>The first text, then <paramref name="then"/>.</summary>
    public static ConstraintState Of(ConstraintState first, ConstraintState then) => new Joint(then).Before(first);

    public override ConstraintState? Step(byte value)
    {
        var stays = first.Step(value);
        var leaves = first.IsAccepting ? joint.Then.Step(value) : null;
        if (stays == first && leaves is null)
            return this;

        return stays is null ? leaves : leaves is null ? joint.Before(stays) : Fork(value, stays, leaves);
    }

    public override void WriteEnding(IBufferWriter<byte> output)
    {
        first.WriteEnding(output);
        joint.Then.WriteEnding(output);
    }

    private ConstraintState Fork(byte value, ConstraintState stays, ConstraintState leaves)
    {
        forks ??= [];
        if (!forks.TryGetValue(value, out var fork))
            forks.Add(value, fork = ChoiceState.Of(joint.Before(stays), leaves));
        return fork;
    }

    // One state of the sequence for each of the first text's, so that what is remembered of a state is found again.
    private sealed class Joint(ConstraintState then)
    {
        private const int MostRemembered = 4096;

        private readonly Dictionary<ConstraintState, SequenceState> states = new(ReferenceEqualityComparer.Instance);

        public ConstraintState Then { get; } = then;

        public ConstraintState Before(ConstraintState first)
        {
            if (first is EndState)
                return Then;
            if (states.TryGetValue(first, out var known))
                return known;
            if (states.Count == MostRemembered)
                states.Clear();
            return states[first] = new SequenceState(first, this);
        }
    }
}
