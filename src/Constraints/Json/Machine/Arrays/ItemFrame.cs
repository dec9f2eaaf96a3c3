using System.Buffers;

namespace Penstock.Constraints.Json.Machine.Arrays;

/// <summary>An item of an array with unique items while it is read: its bytes are remembered, and it must not become what is there already.</summary>
internal sealed class ItemFrame : Frame
{
    public ItemFrame(Frame parent, SeenItems seen, int start)
        : base(parent, 0)
    {
        Seen = seen;
        Start = start;
        IsTraced = true;
    }

    /// <summary>The items before it.</summary>
    public SeenItems Seen { get; }

    /// <summary>Where its bytes begin in the thread's trace.</summary>
    public int Start { get; }

    /// <summary>The array's frame once the item is complete, or null where the item may not be what it is.</summary>
    public ArrayFrame? Complete(MachineContext context, Trace? trace)
    {
        var value = CanonicalJson.Of(Trace.Text(trace, Start));
        if (Seen.Contains(value) || Parent is not ArrayFrame array)
            return null;

        var progress = array.Progress.With(value);
        return progress.IsAlive ? context.Intern(new ArrayFrame(array.Parent!, progress)) : null;
    }

    public override void WriteEnd(IBufferWriter<byte> output)
    {
    }

    protected override Frame MakeOutline(MachineContext context)
    {
        var parent = Parent!.OutlineIn(context);
        return parent is ArrayFrame { Progress.Seen: null } ? parent : context.Intern(new ItemFrame(parent, Seen, Start));
    }

    protected override bool IsSame(Interned other)
    {
        var frame = (ItemFrame)other;
        return ReferenceEquals(Parent, frame.Parent) && ReferenceEquals(Seen, frame.Seen) && Start == frame.Start;
    }

    protected override int Hash() => HashCode.Combine(Parent!.Id, Seen.Id, Start, 7);
}
