using System.Buffers;

namespace Penstock.Constraints.Composition;

/// <summary>Fixed bytes, and what comes after them.</summary>
public sealed class LiteralState : ConstraintState
{
    private readonly ReadOnlyMemory<byte> rest;
    private readonly Func<ConstraintState> then;
    private ConstraintState? next;

    private LiteralState(ReadOnlyMemory<byte> rest, Func<ConstraintState> then) => (this.rest, this.then) = (rest, then);

    public override bool IsAccepting => false;

    public override int EndingLength => (int)Math.Min(int.MaxValue, rest.Length + (long)then().EndingLength);

    /// <summary>The bytes, then <paramref name="then"/>; that itself where there are none.</summary>
    public static ConstraintState Of(ReadOnlyMemory<byte> bytes, ConstraintState then) => Of(bytes, () => then);

    /// <summary>As <see cref="Of(ReadOnlyMemory{byte}, ConstraintState)"/>, for texts that come round to where they were.</summary>
    /// <param name="bytes">What comes first.</param>
    /// <param name="then">Makes what follows; called once, when it is needed.</param>
    public static ConstraintState Of(ReadOnlyMemory<byte> bytes, Func<ConstraintState> then)
    {
        ConstraintState? made = null;
        return bytes.IsEmpty ? then() : new LiteralState(bytes, () => made ??= then());
    }

    public override ConstraintState? Step(byte value) =>
        rest.Span[0] != value ? null : next ??= rest.Length == 1 ? then() : new LiteralState(rest[1..], then);

    public override void WriteEnding(IBufferWriter<byte> output)
    {
        output.Write(rest.Span);
        then().WriteEnding(output);
    }
}
