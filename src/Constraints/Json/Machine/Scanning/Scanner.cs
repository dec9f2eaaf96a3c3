using System.Buffers;

namespace Penstock.Constraints.Json.Machine.Scanning;

/// <summary>What a thread is reading: a value, a part of one, or what stands between values.</summary>
internal abstract class Scanner : Interned
{
    /// <summary>See <see cref="ConstraintState.Loop"/>.</summary>
    public virtual LoopHint? Loop => null;

    /// <summary>Whether a byte could be taken at all; says no cheaply where it cannot.</summary>
    public virtual bool MayTake(byte value) => true;

    /// <summary>Adds the threads that are left after one more byte.</summary>
    public abstract void Step(MachineContext context, JsonThread thread, byte value, List<JsonThread> next);

    /// <summary>Whether the document may end here.</summary>
    public virtual bool Accepts(Frame frame) => false;

    /// <summary>Bytes of the shortest known ending until the frame's own begins. May be negative, where the ending is not the one that the frame counts on.</summary>
    public abstract long EndingLength(MachineContext context, Frame frame);

    /// <summary>Writes the ending, the frame's and those of the frames around it up to, and without, <paramref name="stop"/>.</summary>
    public abstract void WriteEnding(MachineContext context, Frame frame, IBufferWriter<byte> output, Frame? stop);

    /// <summary>The scanner without memories that no token can tell.</summary>
    public virtual Scanner OutlineIn(MachineContext context) => this;
}
