using System.Buffers;

namespace Penstock.Constraints.Composition;

/// <summary>The end of a text: nothing may follow.</summary>
public sealed class EndState : ConstraintState
{
    private EndState()
    {
    }

    public static EndState Instance { get; } = new();

    public override bool IsAccepting => true;

    public override int EndingLength => 0;

    public override ConstraintState? Step(byte value) => null;

    public override void WriteEnding(IBufferWriter<byte> output)
    {
    }
}
