using System.Buffers;
using Penstock.Constraints.Json.Shapes;
using Penstock.Constraints.Text;

namespace Penstock.Constraints.Json.Machine.Texts;

/// <summary>A string value: a language, two lengths, and in an array with unique items the strings that were there before.</summary>
internal sealed class StringTarget : TextTarget
{
    // All bytes are tried.
    private const int StepsOfALook = 16;

    private readonly StringShape shape;
    private readonly TextState state;
    private readonly int count;
    private readonly TextFilter? filter;
    private byte[]? ending;

    private StringTarget(StringShape shape, TextState state, int count, TextFilter? filter) =>
        (this.shape, this.state, this.count, this.filter) = (shape, state, count, filter);

    public override bool CanClose => state.IsAccepting && count >= shape.MinLength && filter is not { IsExact: true };

    public override LoopHint? Loop
    {
        get
        {
            var set = state.Loop;
            if (filter is not null || set.IsEmpty)
                return null;

            // A count that still runs makes another state of each number; the text's own state stays as it is or is counted as well.
            var most = Math.Min(
                state.LoopLength,
                shape.MaxLength != int.MaxValue ? shape.MaxLength - count - state.ShortestCharacters : count < shape.MinLength ? int.MaxValue - 1 : int.MaxValue);
            return most <= 0 ? null : new LoopHint(set.Ascii, set.AllNonAscii, most);
        }
    }

    /// <summary>The start of a string, or null where the filter leaves none.</summary>
    public static StringTarget? Start(MachineContext context, StringShape shape, TextSet? taken) =>
        Make(context, shape, shape.Language.Start, 0, taken is null ? null : TextFilter.Of(context, taken));

    public override long EndingLength(MachineContext context, Frame frame)
    {
        if (filter is not null)
            return JsonText.LengthOf(Ending(context)) + 1;

        // A text may be a million characters short of its least length: counted, not written.
        return JsonText.LengthOf(Plain(state, 0)) + Math.Max(shape.MinLength - count, 0) + 1;
    }

    public override void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop)
    {
        JsonText.Write(output, Ending(context));
        output.Write("\""u8);
        frame.WriteEnds(output, stop);
    }

    protected override TextTarget? Follow(MachineContext context, byte value)
    {
        if (state.Step(value) is not { } next)
            return null;

        var now = count;
        if (value is < 0x80 or >= 0xC0 && (shape.MaxLength != int.MaxValue || count < shape.MinLength))
            now++;

        if (ReferenceEquals(next, state) && now == count && filter is null)
            return this;

        return Make(context, shape, next, now, filter?.Step(context, value));
    }

    protected override bool IsSame(Interned other)
    {
        var target = (StringTarget)other;
        return ReferenceEquals(state, target.state) && count == target.count && ReferenceEquals(shape, target.shape) && ReferenceEquals(filter, target.filter);
    }

    protected override int Hash() => HashCode.Combine(state, count, shape, filter?.Id ?? 0);

    private static StringTarget? Make(MachineContext context, StringShape shape, TextState state, int count, TextFilter? filter)
    {
        if (shape.MaxLength != int.MaxValue && count + (long)state.ShortestCharacters > shape.MaxLength)
            return null;

        if (filter is not null)
        {
            // Where no character can be added the text is what it is; elsewhere lengths leave more texts than were ever written.
            var isFull = count == shape.MaxLength && state.IsAccepting;
            if (isFull ? filter.IsExact : !filter.LeavesEnding(state))
                return null;
        }

        return context.Intern(new StringTarget(shape, state, count, filter));
    }

    /// <summary>The shortest text from here that is long enough and was not there before.</summary>
    private byte[] Ending(MachineContext context)
    {
        if (filter is null)
            return Plain(state, shape.MinLength - count);

        if (ending is not null)
            return ending;

        // Best first. Only targets with a filter are looked behind, and these are no more than the bytes of the texts in it.
        var queue = new PriorityQueue<(StringTarget Target, byte[] Text), int>();
        queue.Enqueue((this, []), 0);
        while (queue.TryDequeue(out var found, out _))
        {
            var (target, text) = found;
            if (target.filter is null)
                return ending = [.. text, .. Plain(target.state, shape.MinLength - target.count)];

            if (target.CanClose)
                return ending = text;

            WorkBudget.Charge(StepsOfALook);
            for (var value = 0; value < 256; value++)
            {
                if (target.Step(context, (byte)value) is StringTarget next)
                    queue.Enqueue((next, [.. text, (byte)value]), text.Length + 1 + next.state.EndingLength);
            }
        }

        throw new InvalidOperationException("A string that exists has no ending.");
    }

    private static byte[] Plain(TextState state, int missing)
    {
        var text = new ArrayBufferWriter<byte>();
        state.WriteEnding(text);

        // Only the language of all texts comes with a least length (see StringShape), so any character will do.
        if (missing > 0)
        {
            text.GetSpan(missing)[..missing].Fill((byte)'a');
            text.Advance(missing);
        }

        return text.WrittenSpan.ToArray();
    }
}
