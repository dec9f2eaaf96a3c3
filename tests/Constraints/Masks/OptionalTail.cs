using System.Buffers;

namespace Penstock.Constraints.Tests.Masks;

/// <summary>One text, whole where its head ends and again where its tail does.</summary>
internal sealed class OptionalTail(byte[] head, byte[] tail, int at = 0) : ConstraintState
{
    public override bool IsAccepting => at == head.Length || at == head.Length + tail.Length;

    public override int EndingLength => Ending.Length;

    private ReadOnlySpan<byte> Ending => IsAccepting ? [] : at < head.Length ? head.AsSpan(at) : tail.AsSpan(at - head.Length);

    public override ConstraintState? Step(byte value)
    {
        var next = at < head.Length ? head[at] : at < head.Length + tail.Length ? tail[at - head.Length] : -1;
        return next == value ? new OptionalTail(head, tail, at + 1) : null;
    }

    public override void WriteEnding(IBufferWriter<byte> output) => output.Write(Ending);
}
