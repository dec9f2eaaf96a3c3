using System.Buffers;
using Penstock.Constraints.Json.Machine.Scanning;

namespace Penstock.Constraints.Json.Machine.Texts;

/// <summary>
/// What the text between two quotes must become, byte by byte after escapes are undone: a string value or a property's name. A target that exists has an ending.
/// </summary>
internal abstract class TextTarget : Interned
{
    private Transitions<TextTarget>? known;

    /// <summary>The scanner that has this target and no escape open.</summary>
    public StringScanner? Scanner { get; set; }

    /// <summary>Whether the text may end here.</summary>
    public abstract bool CanClose { get; }

    /// <summary>The characters that lead back here or onward by their number alone, before JSON's own exceptions; null for none.</summary>
    public abstract LoopHint? Loop { get; }

    /// <summary>The target after one more byte, or null.</summary>
    public TextTarget? Step(MachineContext context, byte value)
    {
        var memo = known;
        if (memo is null || memo.Generation != context.Store.Generation)
            known = memo = new(context.Store.Generation);

        if (!memo.TryGet(value, out var target))
        {
            target = Follow(context, value);
            memo.Add(value, target);
        }

        return target;
    }

    /// <summary>Bytes from here until the frame is as after the value, the quote counted.</summary>
    public abstract long EndingLength(MachineContext context, Frame frame);

    /// <summary>Writes what <see cref="EndingLength"/> counts, and what closes the frame and those around it up to, and without, <paramref name="stop"/>.</summary>
    public abstract void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop);

    protected abstract TextTarget? Follow(MachineContext context, byte value);
}
