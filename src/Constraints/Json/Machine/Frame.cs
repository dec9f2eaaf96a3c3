using System.Buffers;

namespace Penstock.Constraints.Json.Machine;

/// <summary>
/// An open object or array, an item under watch, or the document itself: a stack as a persistent list, innermost first. It says how things stand
/// <i>after</i> the value that is being read.
/// </summary>
internal abstract class Frame(Frame? parent, long endLength) : Interned
{
    private Frame? outline;

    public Frame? Parent { get; } = parent;

    /// <summary>Open objects and arrays.</summary>
    public int Depth { get; protected init; } = parent?.Depth ?? 0;

    /// <summary>Whether an item of an array with unique items is open, so that its bytes must be remembered.</summary>
    public bool IsTraced { get; protected init; } = parent?.IsTraced ?? false;

    /// <summary>Bytes of the shortest known ending of the document once the value that is being read is complete.</summary>
    public long EndLength { get; } = endLength + (parent?.EndLength ?? 0);

    /// <summary>Writes what closes this frame, without its parents.</summary>
    public abstract void WriteEnd(IBufferWriter<byte> output);

    /// <summary>Writes what closes this frame and those around it up to, and without, <paramref name="stop"/>.</summary>
    public void WriteEnds(IBufferWriter<byte> output, Frame? stop = null)
    {
        for (var frame = this; frame is not null && !ReferenceEquals(frame, stop); frame = frame.Parent)
            frame.WriteEnd(output);
    }

    /// <summary>The frame without memories that no token can tell; see <see cref="ConstraintState.Outline"/>.</summary>
    public Frame OutlineIn(MachineContext context)
    {
        if (outline is not null)
            return outline;

        // Iterative: stacks may be thousands deep.
        var pending = new Stack<Frame>([this]);
        while (pending.TryPeek(out var frame))
        {
            var known = pending.Count;
            foreach (var below in frame.Below)
            {
                if (below.outline is null)
                    pending.Push(below);
            }

            if (pending.Count > known)
                continue;

            frame.outline ??= frame.MakeOutline(context);
            pending.Pop();
        }

        return outline!;
    }

    /// <summary>What the frame is but for what is around it: frames with the same object here are alike.</summary>
    public virtual object Core => this;

    /// <summary>The same frame inside another.</summary>
    public virtual Frame Inside(MachineContext context, Frame parent) => throw new InvalidOperationException("The frame is inside of nothing.");

    /// <summary>The frames right around this one.</summary>
    protected virtual IReadOnlyList<Frame> Below => Parent is null ? [] : [Parent];

    /// <summary>The outline, where those of the frames around this one are known.</summary>
    protected abstract Frame MakeOutline(MachineContext context);
}
