using System.Buffers;

namespace Penstock.Constraints.Masks;

/// <summary>
/// The start of a text whose first space is dropped again when it is shown: SentencePiece's words have their space in front. One space
/// leads to the real start; anything else is as if from there.
/// </summary>
internal sealed class LeadingSpaceState(ConstraintState start) : ConstraintState
{
    public override bool IsAccepting => start.IsAccepting;

    public override int EndingLength => start.IsAccepting ? 0 : start.EndingLength + 1;

    public override ConstraintState Outline => ReferenceEquals(start.Outline, start) ? this : new LeadingSpaceState(start.Outline);

    public override ConstraintState? Step(byte value) => value == (byte)' ' ? start : start.Step(value);

    public override void WriteEnding(IBufferWriter<byte> output)
    {
        if (start.IsAccepting)
            return;

        // Always with the space that is dropped, since the ending may begin with one that must not be.
        output.Write(" "u8);
        start.WriteEnding(output);
    }
}
