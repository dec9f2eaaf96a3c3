using System.Buffers;

namespace Penstock.Constraints.Composition;

/// <summary>
/// A text that is decided by how it begins: with one of some beginnings it must go on as one constraint says, with anything else as another. Unlike
/// in a choice, a text with such a beginning is never one of the second kind.
/// </summary>
public sealed class OpeningState : ConstraintState
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> beginnings;
    private readonly ConstraintState begun;
    private readonly ConstraintState otherwise;
    private readonly int depth;
    private readonly Dictionary<byte, ConstraintState?> steps = [];

    private OpeningState(IReadOnlyList<ReadOnlyMemory<byte>> beginnings, ConstraintState begun, ConstraintState otherwise, int depth) =>
        (this.beginnings, this.begun, this.otherwise, this.depth) = (beginnings, begun, otherwise, depth);

    public override bool IsAccepting => otherwise.IsAccepting;

    public override int EndingLength => otherwise.EndingLength;

    /// <summary>The text.</summary>
    /// <param name="beginnings">At least one; none is empty or the beginning of another.</param>
    /// <param name="begun">What a text with one of them must be, the beginning included.</param>
    /// <param name="otherwise">What any other text must be. Texts that stop within a beginning are among these: every beginning can be ended here.</param>
    public static ConstraintState Of(IReadOnlyList<ReadOnlyMemory<byte>> beginnings, ConstraintState begun, ConstraintState otherwise) =>
        new OpeningState(beginnings, begun, otherwise, 0);

    public override ConstraintState? Step(byte value)
    {
        if (!steps.TryGetValue(value, out var next))
            steps.Add(value, next = Find(value));
        return next;
    }

    public override void WriteEnding(IBufferWriter<byte> output) => otherwise.WriteEnding(output);

    private ConstraintState? Find(byte value)
    {
        var left = beginnings.Where(beginning => beginning.Span[depth] == value).ToList();
        if (left.Count == 0)
            return otherwise.Step(value);

        var nextBegun = begun.Step(value);
        if (left.Exists(beginning => beginning.Length == depth + 1))
            return nextBegun;
        return nextBegun is not null && otherwise.Step(value) is { } nextOtherwise ? new OpeningState(left, nextBegun, nextOtherwise, depth + 1) : null;
    }
}
