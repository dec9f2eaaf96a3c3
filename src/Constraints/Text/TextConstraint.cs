using System.Buffers;

namespace Penstock.Constraints.Text;

/// <summary>The whole output is one text of a language, as raw bytes: <c>guided_regex</c>, <c>guided_choice</c> and <c>guided_grammar</c>. One object a state.</summary>
public sealed class TextConstraint : ConstraintState
{
    private readonly TextState state;

    private TextConstraint(TextState state) => this.state = state;

    public override bool IsAccepting => state.IsAccepting;

    public override int EndingLength => state.EndingLength;

    public override LoopHint? Loop => state.LoopLength == 0 ? null : new LoopHint(state.Loop.Ascii, state.Loop.AllNonAscii, state.LoopLength);

    public override ConstraintState Outline => state.Outline is var outline && ReferenceEquals(outline, state) ? this : At(outline);

    /// <summary>The constraint that stands at a state of a language.</summary>
    public static TextConstraint At(TextState state) => state.Constraint ??= new TextConstraint(state);

    public override ConstraintState? Step(byte value) => state.Step(value) is { } next ? At(next) : null;

    public override void WriteEnding(IBufferWriter<byte> output) => state.WriteEnding(output);
}
