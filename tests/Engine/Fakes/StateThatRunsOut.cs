using System.Buffers;
using Penstock.Constraints;
using Penstock.Constraints.Composition;

namespace Penstock.Engine.Tests.Fakes;

/// <summary>Letters "a", each of which may be followed by an "x" that ends the text; after some of them the next one meets a bound.</summary>
internal sealed class StateThatRunsOut(int letters, bool accepting) : ConstraintState
{
    public override bool IsAccepting => accepting;

    public override int EndingLength => accepting ? 0 : 1;

    public override ConstraintState? Step(byte value) => value switch
    {
        (byte)'x' => EndState.Instance,
        (byte)'a' => letters > 0 ? new StateThatRunsOut(letters - 1, accepting) : throw new ConstraintLimitException(ConstraintBound.Time, "It took too long."),
        _ => null,
    };

    public override void WriteEnding(IBufferWriter<byte> output)
    {
        if (!accepting)
            output.Write("x"u8);
    }
}
